/** Elementwise functions as they are recorded: names, types, and what numbers among themselves become. */
import * as quadrille from 'quadrille';
import { clip, copysign, Grid, isnan, np, rad2deg, round, where } from 'quadrille';
import { describe, expect, it } from 'vitest';
import type { BinaryFn, UnaryFn } from '../../jit/program.js';
import { foldBinary, foldUnary } from '../../lib/fold.js';
import { BINARY_NAMES, DERIVED_NAMES, UNARY_NAMES } from '../../lib/numpy/functions.js';
import { thrown } from '../errors/thrown.js';
import { installFakeEngine } from './fake-engine.js';

installFakeEngine();
const grid = new Grid([4]);
const [u, w, i] = [grid.field('u'), grid.field('w', { dtype: 'f32' }), grid.field('i', { dtype: 'i32' })];
/** Of integers only. */
const BITS = /^(invert|bitwise_|left_|right_)/;

/** An np template around fields, made of text. */
function text(strings: readonly string[]): unknown {
  return np(
    Object.assign([...strings], { raw: strings }),
    ...strings.slice(1).map(() => (BITS.test(strings[0]?.slice(3) ?? '') ? i : u)),
  );
}

describe('every function of np text', () => {
  it.each(Object.keys(UNARY_NAMES))('np.%s takes one operand', (name) => {
    if (name === 'logical_not') expect(text([`np.${name}(`, ' > 0)'])).toMatchObject({ dtype: 'bool' });
    else expect(text([`np.${name}(`, ')'])).toMatchObject({ shape: [4] });
    expect(() => text([`np.${name}(`, ', ', ')'])).toThrow('2 operands');
  });
  it.each(Object.keys(BINARY_NAMES))('np.%s takes two', (name) => {
    const truth = name.startsWith('logical') ? ' > 0' : '';
    expect(text([`np.${name}(`, `${truth}, `, `${truth})`])).toMatchObject({ shape: [4] });
    expect(() => text([`np.${name}(`, `${truth})`])).toThrow('1 operand');
  });
  it.each(Object.keys(DERIVED_NAMES))('np.%s is made of others', (name) => {
    expect(text(name === 'clip' ? [`np.${name}(`, ', 0, ', ')'] : [`np.${name}(`, ')'])).toMatchObject({ shape: [4] });
  });
  it('has a counterpart in TypeScript, under the same name', () => {
    const others = new Set(['add', 'subtract', 'multiply', 'divide', 'true_divide', 'float_power', 'round_']);
    const comparisons = new Set(['less', 'less_equal', 'greater', 'greater_equal', 'equal', 'not_equal']);
    for (const name of [UNARY_NAMES, BINARY_NAMES, DERIVED_NAMES].flatMap(Object.keys)) {
      if (!others.has(name) && !comparisons.has(name)) expect(quadrille, name).toHaveProperty(name);
    }
  });
});

describe('types', () => {
  it('of tests are bool, of the rest their operand’s', () => {
    expect(isnan(w).dtype).toBe('bool');
    expect(where(isnan(w), 0, w).dtype).toBe('f32');
    expect(copysign(w, u).dtype).toBe('f64');
    expect(rad2deg(w).dtype).toBe('f32');
  });
  it('refuse what is no number of decimals', () => {
    expect(thrown('BAD_OPERAND', () => round(u, 0.5)).message).toContain('0.5 decimals');
    expect(thrown('BAD_SLICE', () => np`np.round(${u}, 0.5)`).message).toContain('0.5');
    expect(thrown('UNSUPPORTED_PYTHON', () => np`np.clip(${u}, 0, 1, out=${u})`).message).toContain('out=');
    expect(thrown('BAD_OPERAND', () => np`np.clip(${u}, 0)`).message).toContain('clip');
  });
});

describe('numbers among themselves', () => {
  it.each<[UnaryFn, number, number]>([
    ['rint', 2.5, 2],
    ['rint', 3.5, 4],
    ['rint', -0.5, -0],
    ['rint', -1.5, -2],
    ['rint', 0.49999999999999994, 0],
    ['rint', 4503599627370497, 4503599627370497],
    ['rint', -Infinity, -Infinity],
    ['sign', -0, 0],
    ['sign', -3, -1],
    ['trunc', -0.5, -0],
    ['exp2', 10, 1024],
    ['isnan', NaN, 1],
    ['isinf', -Infinity, 1],
    ['isfinite', Infinity, 0],
    ['signbit', -0, 1],
  ])('%s(%d) is %d', (fn, x, result) => expect(foldUnary(fn, x)).toBe(result));

  it.each<[BinaryFn, number, number, number]>([
    ['fmin', NaN, 2, 2],
    ['fmin', 2, NaN, 2],
    ['fmax', NaN, 2, 2],
    ['fmax', 3, 2, 3],
    ['copysign', 3, -0, -3],
    ['heaviside', 0, 0.5, 0.5],
    ['heaviside', NaN, 0.5, NaN],
    ['nextafter', 1, 2, 1 + 2 ** -52],
    ['nextafter', 0, -1, -5e-324],
    ['nextafter', 1.7976931348623157e308, Infinity, Infinity],
    ['fmod', -7, 3, -1],
    ['hypot', 3, 4, 5],
    ['xor', 1, 0, 1],
  ])('%s(%d, %d) is %d', (fn, a, b, result) => expect(foldBinary(fn, a, b)).toBe(result));

  it('stay numbers, also in functions made of others', () => {
    expect(clip(7, 0, 3).dtype).toBe('weak');
    expect(np`np.round(${2.5}) + np.clip(7, 0, ${3}) * np.deg2rad(180)`).toMatchObject({ dtype: 'weak', shape: [] });
  });
});
