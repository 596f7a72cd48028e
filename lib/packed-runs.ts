/** Runs of Plans in; the two sequences of numbers that the engine takes them as out (NativeEngine.submit). */
import type { Run } from './runs.js';

export class PackedRuns {
  /** Written over with every hand-over: the engine copies them, and a new one's memory costs more than its contents. */
  ids = new Int32Array(256);
  params = new Float64Array(256);
  /** So many are in use. */
  words = 0;
  values = 0;

  of(units: readonly Run[]): this {
    this.#makeRoom(units);
    const { ids, params } = this;
    let [at, value] = [0, 0];
    for (const unit of units) {
      ids[at++] = unit.by ? -1 - unit.plan : unit.plan;
      for (const field of unit.fields) ids[at++] = field;
      for (const place of unit.ints) ids[at++] = place;
      if (unit.by) {
        for (const step of unit.by) ids[at++] = step;
        ids[at++] = unit.count;
      }
      for (const number of unit.params) params[value++] = number;
    }
    this.words = at;
    this.values = value;
    return this;
  }

  #makeRoom(units: readonly Run[]): void {
    let [words, values] = [0, 0];
    for (const unit of units) {
      words += 1 + unit.fields.length + unit.ints.length;
      if (unit.by) words += unit.by.length + 1;
      values += unit.params.length;
    }
    if (words > this.ids.length) this.ids = new Int32Array(2 * words);
    if (values > this.params.length) this.params = new Float64Array(2 * values);
  }
}
