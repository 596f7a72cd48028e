/** Offsets of shift and roll in, checked; views that read around a field's ends out. */
import { QuadrilleError, show } from './errors.js';
import type { Shape } from './shape.js';
import { wrapAxes } from './slice.js';
import type { FieldMeta, ViewStructure } from './storage.js';
import { internView } from './structure.js';

/** Element i is element i + offset; around the ends where the grid is periodic. Throws BAD_SHIFT. */
export function shifted(meta: FieldMeta, offsets: readonly number[]): ViewStructure {
  const { shape, periodic } = meta;
  if (offsets.length !== shape.length) {
    throw new QuadrilleError('BAD_SHIFT', `shift takes ${shape.length} offsets for this field, not ${offsets.length}.`);
  }
  offsets.forEach((offset, d) => {
    if (!Number.isSafeInteger(offset)) {
      throw new QuadrilleError('BAD_SHIFT', `shift: the offset in dimension ${d} is ${show(offset)}.`, {
        expected: 'a whole number',
      });
    }
    if (offset !== 0 && periodic[d] !== true) {
      throw new QuadrilleError('BAD_SHIFT', `shift by ${offset} along dimension ${d}, which is not periodic.`, {
        expected: 'offset 0 there',
        hint: 'give the grid { periodic: true }, use roll (which wraps in any dimension), or slices that leave out the ends',
      });
    }
  });
  return internView(meta, { axes: wrapAxes(shape, offsets) });
}

/** As np.roll along one axis. Throws BAD_SHIFT. */
export function rolled(meta: FieldMeta, shift: unknown, along: unknown): ViewStructure {
  const { shape } = meta;
  const [by, dim] = rollOf(shape, shift, along);
  const axes = wrapAxes(
    shape,
    shape.map((_, d) => (d === dim ? -by : 0)),
  );
  return internView(meta, { axes });
}

/** Shift and dimension of a roll, checked. Throws BAD_SHIFT. */
export function rollOf(shape: Shape, shift: unknown, along: unknown): [shift: number, dim: number] {
  const axis = along === undefined && shape.length === 1 ? 0 : along;
  if (typeof shift !== 'number' || !Number.isSafeInteger(shift)) {
    throw new QuadrilleError('BAD_SHIFT', `roll: the shift is ${show(shift)}.`, { expected: 'a whole number' });
  }
  if (typeof axis !== 'number' || !Number.isInteger(axis) || axis < -shape.length || axis >= shape.length) {
    throw new QuadrilleError('BAD_SHIFT', `roll: the axis is ${show(axis)}.`, {
      expected: `a dimension, ${-shape.length} to ${shape.length - 1}`,
      hint: axis === undefined ? 'name the axis: roll(x, 1, 0), or np.roll(x, 1, axis=0) in np text' : undefined,
    });
  }
  return [shift, axis < 0 ? axis + shape.length : axis];
}
