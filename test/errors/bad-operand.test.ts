/** What cannot take part in an expression is refused. */
import { Grid, max, norm, np, where } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const grid = new Grid([4], { periodic: true });
const u = grid.field('u');

it('things that are no numbers', () => {
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_OPERAND', () => u.add('1'));
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_OPERAND', () => u.set(undefined));
  // @ts-expect-error: what a JavaScript user may write
  expect(thrown('BAD_OPERAND', () => u.set(new Float64Array(4))).hint).toBe(
    'put the data into a field: grid.field({ init: data })',
  );
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_OPERAND', () => np`${u} = ${'x'}`);
});

it('operators that NumPy does not have for booleans', () => {
  const mask = u.lt(1);
  expect(text(thrown('BAD_OPERAND', () => mask.sub(u.gt(2))))).toBe(`BAD_OPERAND: NumPy has no - of booleans.
  hint      a.xor(b) or a.ne(b), in np text a ^ b`);
  thrown('BAD_OPERAND', () => mask.neg());
  thrown('BAD_OPERAND', () => mask.sqrt());
  for (const fn of ['floordiv', 'mod', 'shl', 'pow'] as const) thrown('BAD_OPERAND', () => mask[fn](mask));
  thrown('BAD_OPERAND', () => np`${u} = -(${u} < 1)`);
});

it('bits of floats', () => {
  thrown('BAD_OPERAND', () => u.and(u.lt(1)));
  thrown('BAD_OPERAND', () => u.not());
  thrown('BAD_OPERAND', () => np`${u} << 2`);
  thrown('BAD_OPERAND', () => np`${u} = 1.5 & 2`);
});

it('integers to the power of what is, or might be, negative', () => {
  const i = grid.field({ dtype: 'i32' });
  thrown('BAD_OPERAND', () => i.pow(-1));
  thrown('BAD_OPERAND', () => np`${i} ** -2`);
  thrown('BAD_OPERAND', () => i.pow(i));
  thrown('BAD_OPERAND', () => np`2 ** ${i}`);
});

it('numbers as the condition of where', () => {
  thrown('BAD_OPERAND', () => where(1, u, 0));
  thrown('BAD_OPERAND', () => np`where(${true}, ${u}, 0)`);
});

it('arrays where Python wants a number', () => void thrown('BAD_OPERAND', () => np`${u} = int(${u})`));

it('reductions without an answer', () => {
  const none = u.at('2:2');
  expect(text(thrown('BAD_OPERAND', () => max(none)))).toBe(
    `BAD_OPERAND: max of an array without elements, shape (0,).
  expected  at least one element`,
  );
  thrown('BAD_OPERAND', () => none.argmin());
  expect(text(thrown('BAD_OPERAND', () => max(u, { axis: 5 })))).toBe(
    `BAD_OPERAND: max: axis 5 is out of bounds for array of dimension 1.
  expected  a dimension, -1 to 0, or several in a list`,
  );
  thrown('BAD_OPERAND', () => u.sum({ axis: [0, 0] }));
  thrown('BAD_OPERAND', () => u.sum({ axis: [] }));
  thrown('BAD_OPERAND', () => u.sum({ axis: 0.5 }));
  thrown('BAD_OPERAND', () => np`np.sum(${u}, axis=-2)`);
  thrown('BAD_OPERAND', () => np`${u} - np.min(${u}[:0])`);
  thrown('BAD_OPERAND', () => norm(u, 3));
  // @ts-expect-error: what a JavaScript user may write
  thrown('BAD_OPERAND', () => max());
});
it('a target that is rolled', () => {
  thrown('BAD_OPERAND', () => u.shift(1).set(0));
  thrown('BAD_OPERAND', () => np`np.roll(${u}, 1)[:] = 0`);
});
it('a target that is an expression', () => void thrown('BAD_OPERAND', () => np`${u.add(1)} = 0`));
it('the value of a template that has none', () => void thrown('BAD_OPERAND', () => u.set(np`${u}[0] = 1`)));
it('division of plain numbers by zero', () => void thrown('BAD_OPERAND', () => np`${u} = 1 / ${0}`));
