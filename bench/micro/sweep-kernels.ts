/** Names of stencils and a dtype in; the kernels that lowering would make of one step out. */
import { EMITTER_VERSION, type KernelExpr, type KernelSpec } from '../../jit/kernel.js';
import type { BinaryFn, DType } from '../../jit/program.js';

export interface SweepKernel {
  readonly spec: KernelSpec;
  readonly radius: number;
  /** What each slot holds in the next step: fields change places. */
  readonly next: readonly number[];
}

type Term = KernelExpr;

function algebra(dtype: DType): {
  at(slot: number, ...offsets: number[]): Term;
  p(index: number): Term;
  add(...terms: Term[]): Term;
  sub(a: Term, b: Term): Term;
  mul(...terms: Term[]): Term;
} {
  const binary = (fn: BinaryFn, a: Term, b: Term): Term => ({ op: 'binary', fn, a, b, dtype });
  return {
    at: (slot, ...offsets) => ({ op: 'load', slot, index: indexOf(offsets), dtype }),
    p: (index) => ({ op: 'param', index, dtype: 'weak' }),
    add: (...terms) => terms.reduce((a, b) => binary('add', a, b)),
    sub: (a, b) => binary('sub', a, b),
    mul: (...terms) => terms.reduce((a, b) => binary('mul', a, b)),
  };
}

function indexOf(offsets: readonly number[]): KernelSpec['stores'][number]['index'] {
  return offsets.map((c, axis) => ({ axis, a: 1, c, biased: false }));
}

function specOf(dims: number, count: number, dtype: DType, values: readonly Term[]): KernelSpec {
  return {
    emitter: EMITTER_VERSION,
    dims,
    slots: Array.from({ length: count }, () => ({ dtype, ndim: dims })),
    stores: values.map((value, slot) => ({ slot, index: indexOf(new Array<number>(dims).fill(0)), value })),
    constants: 0,
    contract: false,
  };
}

export const sweepKernels: Readonly<Record<string, (dtype: DType) => SweepKernel>> = {
  '5-point': (dtype) => {
    const { at, p, add, mul } = algebra(dtype);
    const value = mul(p(0), add(at(1, -1, 0), at(1, 1, 0), at(1, 0, -1), at(1, 0, 1)));
    return { spec: specOf(2, 2, dtype, [value]), radius: 1, next: [1, 0] };
  },
  '7-point': (dtype) => {
    const { at, p, add, mul } = algebra(dtype);
    const neighbours = [
      at(1, -1, 0, 0),
      at(1, 1, 0, 0),
      at(1, 0, -1, 0),
      at(1, 0, 1, 0),
      at(1, 0, 0, -1),
      at(1, 0, 0, 1),
    ];
    return { spec: specOf(3, 2, dtype, [mul(p(0), add(...neighbours))]), radius: 1, next: [1, 0] };
  },
  Burgers: (dtype) => {
    const { at, p, add, sub, mul } = algebra(dtype);
    const step = (q: number): Term => {
      const [here, left, above] = [at(q, 0, 0), at(q, 0, -1), at(q, -1, 0)];
      const advected = sub(
        sub(here, mul(p(0), at(2, 0, 0), sub(here, left))),
        mul(p(0), at(3, 0, 0), sub(here, above)),
      );
      const diffused = (before: Term, after: Term): Term => mul(p(1), add(sub(after, mul(p(2), here)), before));
      return add(advected, diffused(left, at(q, 0, 1)), diffused(above, at(q, 1, 0)));
    };
    return { spec: specOf(2, 4, dtype, [step(2), step(3)]), radius: 1, next: [2, 3, 0, 1] };
  },
  'wave, radius 4': (dtype) => {
    const { at, p, add, sub, mul } = algebra(dtype);
    let laplacian = mul(p(0), at(1, 0, 0, 0));
    for (let r = 1; r <= 4; r++) {
      const ring = [at(1, -r, 0, 0), at(1, r, 0, 0), at(1, 0, -r, 0), at(1, 0, r, 0), at(1, 0, 0, -r), at(1, 0, 0, r)];
      laplacian = add(laplacian, mul(p(r), add(...ring)));
    }
    const value = add(sub(mul(p(5), at(1, 0, 0, 0)), at(0, 0, 0, 0)), mul(at(2, 0, 0, 0), laplacian));
    return { spec: specOf(3, 3, dtype, [value]), radius: 4, next: [1, 0, 2] };
  },
};
