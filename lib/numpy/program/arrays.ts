/** All that programs ask of the library's arrays: made, kept, given back, and their values waited for. */
import type { DType } from '../../../jit/program.js';
import { QuadrilleError } from '../../errors.js';
import type { Expr } from '../../expr.js';
import { Field, View } from '../../field.js';
import { Grid } from '../../grid.js';
import type { Init } from '../../initial.js';
import { session } from '../../session.js';
import { sizeOf } from '../../shape.js';
import type { FieldMeta, Storage } from '../../storage.js';
import { wholeView } from '../../structure.js';
import type { Scalar } from './values.js';

/** An array of its own with the present value of an expression. */
export function materialise(value: Expr): Field {
  const { shape, dtype } = value;
  const field = blank(shape, dtype === 'f32' ? 'f32' : 'f64');
  field.at(...shape.map(() => ':')).set(value);
  return field;
}

export function create(shape: readonly number[], dtype: DType, init: Init): Field {
  const field = blank(shape, dtype);
  if (typeof init === 'number') return field.set(init);
  return gridOf(shape).field({ dtype, init });
}

const spare = new Map<FieldMeta, Storage[]>();
const grids = new Map<string, Grid>();

function gridOf(shape: readonly number[]): Grid {
  const key = String(shape);
  const known = grids.get(key);
  if (known) return known;
  const grid = new Grid(shape.length === 0 ? [1] : shape);
  grids.set(key, grid);
  return grid;
}

function blank(shape: readonly number[], dtype: DType): Field {
  const grid = gridOf(shape);
  const fresh = (): Field => grid.field({ dtype });
  for (const [meta, list] of spare) {
    if (meta.dtype !== dtype || String(meta.shape) !== String(grid.shape)) continue;
    const storage = list.pop();
    if (storage) return new Field(storage);
  }
  return fresh();
}

export function release(storage: Storage): void {
  const list = spare.get(storage.meta);
  if (list) list.push(storage);
  else spare.set(storage.meta, [storage]);
}

/** The storage of what has one. */
export function storageOf(value: Expr): Storage | undefined {
  return value instanceof Field || value instanceof View ? value.storage : undefined;
}

/** A view of the whole: assignments to it write the array's elements. */
export function whole(value: Expr): View {
  if (value instanceof View) return value;
  if (value instanceof Field) return new View(value.storage, wholeView(value.storage.meta));
  throw new QuadrilleError('INTERNAL', 'an expression has no elements to write');
}

/** The number that an expression without dimensions is. */
export async function numberOf(value: Expr): Promise<Scalar> {
  const view = value instanceof View ? value : materialise(value);
  if (view instanceof Field) return view.get(...view.shape.map(() => 0));
  if (sizeOf(view.shape) !== 1) throw new QuadrilleError('INTERNAL', 'numberOf wants one element');
  return new Field(view.storage).get(...view.view.axes.map((axis) => (axis.kind === 'index' ? axis.at : axis.start)));
}

/** Holds the recording back while the engine has far more queued than it needs. */
export function backpressure(): Promise<void> | undefined {
  session.recorder.cut();
  return session.running ? session.backpressure() : undefined;
}
