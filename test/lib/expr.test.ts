/** Shapes and types of expressions, and what becomes of numbers. */
import { Grid, max, maximum, np, sqrt, where } from 'quadrille';
import { describe, expect, it } from 'vitest';
import { floorDivide, power, remainder } from '../../lib/fold.js';
import { installFakeEngine } from './fake-engine.js';

installFakeEngine();
const grid = new Grid([4, 5]);
const u = grid.field('u');
const v = grid.field('v', { dtype: 'f32' });

describe('broadcasting', () => {
  it('stretches sizes of 1 and missing leading dimensions', () => {
    expect(u.add(u.at('0:1')).shape).toEqual([4, 5]);
    expect(u.add(u.at(0)).shape).toEqual([4, 5]);
    expect(u.at(':', '0:1').add(u.at('0:1')).shape).toEqual([4, 5]);
    expect(u.at(0, 0).add(u).shape).toEqual([4, 5]);
    expect(u.at('4:').add(u.at('0:1')).shape).toEqual([0, 5]);
  });

  it('is the same object for the same expression, so nothing is checked twice', () => {
    const build = () => u.at('1:').mul(2).add(u.at(':-1')).tree().structure;
    expect(build()).toBe(build());
  });
});

describe('dtypes', () => {
  it('numbers take the type of what they meet', () => {
    expect(v.mul(0.1).dtype).toBe('f32');
    expect(v.pow(3).dtype).toBe('f32');
  });
  it('f32 with f64 is f64', () => expect(v.mul(u).dtype).toBe('f64'));
  it('a single element is not a number: it keeps its type', () => expect(v.mul(u.at(0, 0)).dtype).toBe('f64'));
  it('comparisons are conditions', () => {
    expect(u.lt(1).and(v.ge(u).not()).dtype).toBe('bool');
    expect(where(u.lt(1), v, 0).dtype).toBe('f32');
  });
});

describe("powers with a number, as NumPy's fast_scalar_power", () => {
  const fn = (exponent: number): string => {
    const { structure } = u.pow(exponent).tree();
    return structure.op === 'unary' || structure.op === 'binary' ? structure.fn : structure.op;
  };
  it('2 is a square', () => expect(fn(2)).toBe('square'));
  it('0.5 is a root', () => expect(fn(0.5)).toBe('sqrt'));
  it('-1 is a reciprocal', () => expect(fn(-1)).toBe('reciprocal'));
  it('1 is the value itself', () => expect(fn(1)).toBe('load'));
  it('others are pow', () => expect([fn(3), fn(0), fn(-2)]).toEqual(['pow', 'pow', 'pow']));
});

describe('numbers among themselves', () => {
  it('are folded', () => {
    expect(maximum(2, 3).tree().value).toBe(3);
    expect(max(1, 5, 2).tree().value).toBe(5);
    expect(sqrt(2).tree().value).toBe(Math.SQRT2);
    expect(np`${2} ** 3 / 4 - 7 // 2 + -7 % 4`.tree().value).toBe(2 - 3 + 1);
  });

  it('have the remainders of Python, unrounded', () => {
    expect([5.3, -5.3, 1e-20].map((a) => remainder(a, 1000))).toEqual([5.3, 994.7, 1e-20]);
    expect([7, -7, 0].map((a) => remainder(a, -3))).toEqual([-2, -1, -0]);
    expect([7, -7, 7.5].map((a) => floorDivide(a, 2))).toEqual([3, -4, 3]);
  });

  it('powers are rounded once', () => {
    // 0.1 ** 3 in Python; x*x*x and V8's pow give neighbours for some of these.
    expect(power(0.1, 3)).toBe(0.0010000000000000002);
    expect(power(1.1, 10)).toBe(2.5937424601000023);
    expect(power(3, -2)).toBe(1 / 9);
    expect(power(-2, 5)).toBe(-32);
  });
});
