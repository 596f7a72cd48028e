/** NumPy computes an expression where it is written: one that would give something else later is refused. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { file, thrown } from './thrown.js';

installFakeEngine();
const { u, v, w } = new Grid([4]).fields('u', 'v', 'w');

it('after its field was written', () => {
  const product = u.mul(v);
  u.set(product); // still true
  const error = thrown('STALE_EXPRESSION', () => w.set(product));
  expect(error.summary).toContain("'u'");
  expect(file(error)).toBe('stale-expression.test.ts');
  thrown('STALE_EXPRESSION', () => np`${w} = ${product}`);
});

it('but a view sees what is written later, as in NumPy', () => {
  const view = u.at('1:');
  u.set(1);
  w.at('1:').set(view);
  w.at('1:').set(view.add(view));
});

it('for names of single elements in np text, which are no arrays', () => {
  const error = thrown(
    'STALE_EXPRESSION',
    () => np`
    first = ${u}[0] * 2
    ${u}[0] = 1
    ${w}[:] = first + ${v}
  `,
  );
  expect(error.message).toContain('(line 4, column 1 of the template)');
});

it('where two values turn out to be one field', () => {
  const step = (a: typeof u, b: typeof u): unknown => np`
    first = ${a}[0] * 2
    ${b}[...] = 2
    ${w}[...] = first
  `;
  step(u, v);
  thrown('STALE_EXPRESSION', () => step(u, u));
});
