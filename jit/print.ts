/**
 * Plan printing: a Plan in, text for explain() and dumps out. One line per thing, so that two Plans can be compared
 * with diff.
 */
import { BYTES, megabytes } from './bytes.js';
import { jamFactor } from './jam.js';
import type { KernelSpec } from './kernel.js';
import type { Box, Chain, Exchange, Message, Part, Plan, PlanLoop, Task, Wave } from './plan.js';

/** What is not in the Plan. */
export interface Details {
  /** Kernels by key. */
  readonly specs: ReadonlyMap<string, KernelSpec>;
  /** What a wave must move at least for stores around the caches. */
  readonly streamBytes: number;
}

export function printPlan(plan: Plan, details?: Details): string {
  const lines = [
    `plan ${plan.key} (${plan.label})  threads ${plan.threads}, odf ${plan.odf}, ${plan.params} parameter(s)`,
  ];
  plan.slots.forEach((slot, s) => {
    const halo = slot.haloLo.map((lo, d) => `${lo}+${slot.haloHi[d] ?? 0}`).join(' x ');
    const block = slot.offset.map((offset, d) => `${offset}:${offset + (slot.extent[d] ?? 0)}`).join(', ');
    lines.push(
      `  %${s}: ${slot.dtype}[${slot.shape.join(', ')}]${slot.temp ? ' temporary' : ''}${slot.replicated ? ' on every rank' : ''}  block [${block}]  halo ${halo}`,
    );
  });
  plan.waves.forEach((wave, w) => {
    lines.push(`  wave ${w}: writes ${wave.writes.map((slot) => `%${slot}`).join(', ')}`);
    if (wave.exchange) lines.push(...printExchange(wave.exchange));
    for (const task of wave.tasks) {
      const kernel = plan.kernels[task.kernel];
      const fields = (kernel?.slots ?? []).filter((slot) => slot >= 0);
      lines.push(`    kernel ${kernel?.key ?? '?'} on ${fields.map((slot) => `%${slot}`).join(', ')}`);
      lines.push(...(details ? printSweep(plan, wave, task, details) : []));
      if (task.blockRows)
        lines.push(`      planes in blocks of ${task.blockRows} rows: they do not stay in the second-level cache`);
      for (const { fn, into, axes } of task.reductions ?? [])
        lines.push(`      ${fn} ${axes ? `along ${axes.join(', ')}` : 'over all ranks'} -> %${into}`);
      for (const box of task.interior) lines.push(`      interior ${printBox(box)}`);
      for (const box of task.boundary) lines.push(`      after the exchange ${printBox(box)}`);
    }
  });
  for (const { first, waves, chain, why } of plan.joins ?? []) {
    const which = waves === 1 ? `the sweeps of wave ${first}` : `waves ${first} to ${first + waves - 1}`;
    lines.push(`  ${which} in one pass over memory: ${why}`, ...printTiles(chain), ...printStages(chain));
  }
  if (plan.march) lines.push(`  runs that follow each other: strips of ${plan.march.width}, each through all of them`);
  if (plan.loop) lines.push(...printLoop(plan.loop));
  return lines.join('\n');
}

/** How a kernel goes through its boxes. */
function printSweep(plan: Plan, wave: Wave, task: Task, { specs, streamBytes }: Details): string[] {
  const kernel = plan.kernels[task.kernel];
  const spec = specs.get(kernel?.key ?? '');
  const together = spec ? jamFactor(spec) : 1;
  const rows = together > 1 ? [`      ${together} rows in lockstep: they share what they load`] : [];
  if (!kernel || kernel.streams.length === 0) return rows;
  const moved = bytesMoved(plan, wave);
  const streams = moved >= streamBytes && beginsOnLines(plan, task);
  return [
    ...rows,
    `      stores ${streams ? 'around' : 'through'} the caches: the wave moves ${megabytes(moved)}${moved >= streamBytes && !streams ? ', but its rows do not begin on cache lines' : ''}`,
  ];
}

/** As the executor counts (native/executor/wave_plan.cc): each field of a task once per point. */
function bytesMoved(plan: Plan, wave: Wave): number {
  return wave.tasks.reduce((sum, task) => {
    const fields = (plan.kernels[task.kernel]?.slots ?? []).flatMap((slot) => plan.slots[slot] ?? []);
    const perPoint = fields.reduce((bytes, slot) => bytes + (slot.replicated ? 0 : BYTES[slot.dtype]), 0);
    return sum + perPoint * [...task.interior, ...task.boundary].reduce((points, box) => points + pointsOf(box), 0);
  }, 0);
}

/** Rows are padded to whole cache lines, unless they are very short: what counts is where the box begins. */
function beginsOnLines(plan: Plan, task: Task): boolean {
  const kernel = plan.kernels[task.kernel];
  return [...task.interior, ...task.boundary].every((box) =>
    (kernel?.streams ?? []).every((place) => {
      const slot = plan.slots[kernel?.slots[place] ?? -1];
      const first = box.at(-1)?.[0] ?? 0;
      if (!slot) return false;
      const row = (slot.extent.at(-1) ?? 0) + (slot.haloLo.at(-1) ?? 0) + (slot.haloHi.at(-1) ?? 0);
      const whole = row * BYTES[slot.dtype] >= 128 || (row * BYTES[slot.dtype]) % 64 === 0;
      return whole && ((first - Math.max(0, slot.alignAt)) * BYTES[slot.dtype]) % 64 === 0;
    }),
  );
}

function pointsOf(box: Box): number {
  return box.reduce((product, [lo, hi]) => product * (hi - lo), 1);
}

/** How a loop is taken: all of its first, second and last step. */
export function printLoop(loop: PlanLoop, tuned = -1): string[] {
  const { next, why, trials = [] } = loop;
  const turns = next.flatMap((from, place) => (from === place ? [] : [`%${place} takes %${from}`]));
  const lines = [`  loop: ${why}${turns.length > 0 ? `; after each step ${turns.join(', ')}` : ''}`];
  const chain = chainIn(loop, tuned);
  if (trials.length > 0)
    lines.push(
      `    ${trials.length} ways to take its steps: ${tuned < 0 ? 'they are timed while the first steps run' : `number ${tuned} was the fastest`}`,
    );
  if (!chain) return trials.length > 0 ? [...lines, '    step by step'] : lines;
  return [...lines, ...printTiles(chain), ...printStages(chain)];
}

/** Tiles, and what travels before them. */
function printTiles({ steps, height, width, rows, grain, stages, exchange }: Chain): string[] {
  const tiles = grain.length === 1 ? height : `${height} x ${width}`;
  const lines = [`    ${steps} ${steps === 1 ? 'step' : 'steps'} in tiles of ${tiles}, ${rows} row(s) at a time`];
  if (exchange) lines.push('    before each pass, halos for all of it:', ...printExchange(exchange));
  const points = (of: Box | null): number => (of ? pointsOf(of) : 0);
  const inner = stages.reduce((sum, stage) => sum + points(stage.inner), 0);
  if (inner > 0) {
    const all = stages.reduce((sum, stage) => sum + points(stage.box), 0);
    lines.push(`    while halos travel: ${Math.round((100 * inner) / all)} % of its points`);
  }
  return lines;
}

function printStages({ steps, stages }: Chain): string[] {
  const lines: string[] = [];
  for (const [s, { wave, task, lag, box }] of stages.entries()) {
    const step = Math.floor((s * steps) / stages.length);
    if (step > 1 && step < steps - 1) continue;
    lines.push(
      `    step ${step}, wave ${wave}, task ${task}: lag ${lag.join(', ')}  ${box ? printBox(box) : 'nothing'}`,
    );
  }
  return lines;
}

/** What its steps are taken in, if its trials have been decided so. */
export function chainIn({ chain, trials = [] }: PlanLoop, tuned: number): Chain | null {
  return tuned < 0 ? chain : (trials[tuned] ?? null);
}

function printExchange({ sends, recvs, locals }: Exchange): string[] {
  const one = (verb: string) => (message: Message) =>
    `    ${verb} rank ${message.peer}: ${message.parts.map(printPart).join(' + ')}`;
  return [
    ...sends.map(one('send to')),
    ...recvs.map(one('receive from')),
    ...locals.map(({ from, to }) => `    move here: ${printPart(from)} -> ${printPart(to)}`),
  ];
}

function printPart(part: Part): string {
  const ranges = part.origin.map((first, d) => {
    const axis = part.axes.find((candidate) => candidate.dim === d);
    if (!axis || axis.count === 1) return `${first}`;
    const stop = first + axis.step * axis.count;
    return axis.step === 1 ? `${first}:${stop}` : `${first}:${stop}:${axis.step}`;
  });
  const elements = part.axes.reduce((product, axis) => product * axis.count, 1);
  return `%${part.slot}[${ranges.join(', ')}] (${elements})`;
}

function printBox(box: Box): string {
  return `[${box.map(([lo, hi]) => `${lo}:${hi}`).join(', ')}]`;
}
