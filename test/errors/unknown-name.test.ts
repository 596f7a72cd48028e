/** Names in np text must be known. */
import { Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { installFakeEngine } from '../lib/fake-engine.js';
import { text, thrown } from './thrown.js';

installFakeEngine();
const { u } = new Grid([4]).fields('u');

it('asks for an interpolation', () => {
  expect(
    text(thrown('UNKNOWN_NAME', () => np`${u}[1:] = ${u}[:-1] * dt`)),
  ).toBe(`UNKNOWN_NAME: 'dt' is not known here. (line 1, column 24 of the template)
  | \${u}[1:] = \${u}[:-1] * dt
  |                        ^^
  expected  an interpolated value, a name assigned above in the same template, or a function of np
  hint      interpolate it: \${dt}`);
});

it('suggests names that are known', () => {
  expect(
    thrown(
      'UNKNOWN_NAME',
      () => np`
    factor = 2
    ${u}[:] = facto * ${u}
  `,
    ).hint,
  ).toBe("did you mean 'factor'?");
  expect(thrown('UNKNOWN_NAME', () => np`${u} = sqrtt(${u})`).hint).toBe("did you mean 'sqrt'?");
});
