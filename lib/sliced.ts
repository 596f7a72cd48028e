/** Slices of a field or view in, the interned view out; integers that keep changing, as in a loop over rows, are kept apart. */
import type { Axis } from '../jit/program.js';
import { dimsOf } from '../jit/view.js';
import { show } from './errors.js';
import { looping } from './looping.js';
import { composeWalks, readSlice, resolveSlices, type Slice } from './slice.js';
import type { FieldMeta, ViewStructure } from './storage.js';
import { internView } from './structure.js';

/** Integers in one place of one slice that are part of the Program; where there are more, a loop is walking there. */
const FIXED_INTEGERS = 4;
/** A program that slices at ever new places must not fill the memory with keys. */
const MOST_KEYS = 4096;
const NO_INTS: readonly number[] = [];

interface Sliced {
  readonly view: ViewStructure;
  readonly ints: readonly number[];
}

/** Looked up by how it was written, so that a slice met before costs no more than joining a few strings. */
export function sliced(meta: FieldMeta, slices: readonly Slice[]): Sliced {
  let key = '';
  // Each kind ends in a character of its own, or '1,2' would be found where '1', '2' was met.
  for (const slice of slices)
    key += typeof slice === 'string' ? `${slice}\0` : typeof slice === 'number' ? `${slice}\x01` : `${show(slice)}\x02`;
  const known = meta.views.get(key);
  if (known) return { view: known, ints: NO_INTS };
  const by = resolveSlices(slices.map(readSlice), meta.shape);
  const { axes, dims } = by;
  if (walked(meta, slices)) {
    const ints = axes.flatMap((axis) => (axis.kind === 'index' ? [axis.at] : []));
    const moving = axes.map((axis): Axis => (axis.kind === 'index' ? { kind: 'index', at: 0, dyn: 0 } : axis));
    return { view: internView(meta, { axes: moving, dims }), ints };
  }
  const view = internView(meta, by);
  if (meta.views.size > MOST_KEYS) meta.views.clear();
  meta.views.set(key, view);
  return { view, ints: NO_INTS };
}

/** The same of a view, whose own moving axes are at `ints`. */
export function slicedView(base: ViewStructure, ints: readonly number[], slices: readonly Slice[]): Sliced {
  const { meta } = base;
  const by = resolveSlices(slices.map(readSlice), base.shape);
  if (!walked(meta, slices, base.id)) return { view: internView(meta, composeWalks(base, by, meta.shape)), ints };
  const order = dimsOf(base);
  const axes = [...by.axes];
  const all: number[] = [];
  let own = 0;
  // In the order of the array's own dimensions, as runs bring positions.
  for (const [dim, outer] of base.axes.entries()) {
    if (outer.dyn !== undefined) all.push(ints[own++] ?? 0);
    else if (outer.kind === 'range' && !outer.wrap) {
      const d = order.indexOf(dim);
      const axis = axes[d];
      if (axis?.kind !== 'index') continue;
      axes[d] = { kind: 'index', at: 0, dyn: 0 };
      all.push(outer.step * axis.at);
    }
  }
  return { view: internView(meta, composeWalks(base, { axes, dims: by.dims }, meta.shape)), ints: all };
}

/** Have these slices (of this view) been met with so many integers that they are a loop's? */
function walked(meta: FieldMeta, slices: readonly Slice[], view = 0): boolean {
  // The body of grid.loop is recorded once: its integers are the same in every step.
  if (looping.watch || !slices.some((slice) => typeof slice === 'number')) return false;
  const key =
    slices.map((slice) => (typeof slice === 'number' ? '#' : show(slice))).join('\0') + (view ? `\x03${view}` : '');
  const pattern = meta.patterns.get(key);
  if (pattern) return ++pattern.seen > FIXED_INTEGERS;
  if (meta.patterns.size > MOST_KEYS) meta.patterns.clear();
  meta.patterns.set(key, { seen: 1 });
  return false;
}
