/** Extent and a constant in; the Program of one 2-D Laplace step out, as lib/ would record it. */
import type { Axis, Expr, Program, SlotDecl } from '../../jit/program.js';

/**
 * `variant` makes the structure, and so the key and the kernel, another one: that many times the point itself is added.
 */
export function laplaceProgram(n: number, ranks: number, variant = 0): Program {
  const slot: SlotDecl = { dtype: 'f64', shape: [n, n], decomposition: { shape: [n, n], processGrid: [ranks, 1] } };
  const shape = [n - 2, n - 2];
  const axis = (start: number): Axis => ({ kind: 'range', start, step: 1, count: n - 2 });
  const load = (i: number, j: number): Expr => ({
    op: 'load',
    view: { slot: 0, axes: [axis(i), axis(j)] },
    dtype: 'f64',
    shape,
  });
  const binary = (fn: 'add' | 'mul', a: Expr, b: Expr): Expr => ({ op: 'binary', fn, a, b, dtype: 'f64', shape });
  const neighbours = [
    load(0, 1),
    load(2, 1),
    load(1, 0),
    load(1, 2),
    ...Array.from({ length: variant }, () => load(1, 1)),
  ];
  const sum = neighbours.reduce((a, b) => binary('add', a, b));
  const quarter: Expr = { op: 'param', index: 0, dtype: 'weak', shape: [] };
  return {
    key: variant.toString(16).padStart(32, '0'),
    label: 'laplace-program.ts:1',
    slots: [slot, slot],
    params: 1,
    statements: [{ target: { slot: 1, axes: [axis(1), axis(1)] }, value: binary('mul', quarter, sum) }],
    options: { odf: 1, threads: 1, contract: false },
  };
}
