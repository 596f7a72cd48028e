/** Fields in; the same handles, holding each other's contents, out. No data moves. */
import type { DType } from '../jit/program.js';
import { QuadrilleError, show } from './errors.js';
import { Field } from './field.js';
import { looping } from './looping.js';

/** Exchanges what two fields hold, without moving data. Both must be of one grid, shape and dtype. Throws SHAPE_MISMATCH, BAD_DTYPE, BAD_OPERAND. */
export function swap(a: Field<DType>, b: Field<DType>): void {
  permute([a, b], [b, a]);
}

/** `targets = sources` at once, for Fields: each target holds what its source held. @internal */
export function permute(targets: readonly Field<DType>[], sources: readonly Field<DType>[]): void {
  targets.forEach((target, i) => {
    const source = sources[i];
    if (!(target instanceof Field) || !(source instanceof Field)) {
      throw new QuadrilleError('BAD_OPERAND', `swap cannot take ${show(target instanceof Field ? source : target)}.`, {
        expected: 'two Fields',
      });
    }
    if (target.storage.meta === source.storage.meta && target.storage.owner === source.storage.owner) return;
    const [one, other] = [target.storage.meta, source.storage.meta];
    if (one.dtype !== other.dtype)
      throw new QuadrilleError('BAD_DTYPE', `swap of a field of ${one.dtype} with one of ${other.dtype}.`, {
        expected: 'two fields of one dtype',
      });
    if (String(one.shape) !== String(other.shape)) {
      throw new QuadrilleError(
        'SHAPE_MISMATCH',
        `swap of fields of shapes (${one.shape.join(', ')}) and (${other.shape.join(', ')}).`,
        { expected: 'two fields of one shape' },
      );
    }
    throw new QuadrilleError('BAD_OPERAND', 'swap of fields of two grids.', {
      expected: 'two fields of one grid',
      hint: 'copy instead: x.set(y)',
    });
  });
  const held = sources.map((source) => source.storage);
  targets.forEach((target, i) => {
    const storage = held[i];
    if (!storage) return;
    if (looping.watch && !looping.watch.held.has(target)) looping.watch.held.set(target, target.storage);
    target.storage = storage;
  });
}
