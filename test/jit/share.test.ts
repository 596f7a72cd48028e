/** Temporaries of a Plan: how many there are. */
import { copy, type Expr, Grid, release, roll } from 'quadrille';
import { beforeEach, describe, expect, it } from 'vitest';
import { lower } from '../../jit/passes.js';
import type { Program } from '../../jit/program.js';
import { session } from '../../lib/session.js';
import { tap } from '../../lib/tap.js';
import { installFakeEngine } from '../lib/fake-engine.js';

installFakeEngine();
let programs: Program[] = [];
tap({ unit: ({ program }) => programs.push(program) });
beforeEach(() => {
  session.handOver();
  programs = [];
});

/** `made` arrays, each computed from the one before; `kept`: all of them live until the last one is there. */
function generations(made: number, kept: boolean, timeTile: 'auto' | number = 'auto'): Program {
  const grid = new Grid([20, 30], { timeTile });
  const { first, last } = grid.fields('first', 'last');
  const arrays = [copy(first.add(1))];
  for (let k = 1; k < made; k++) {
    const [before] = arrays.slice(-1);
    if (!before) throw new Error('there is one');
    // Too much to be computed again at every place that reads it.
    const shifted = [1, -1].flatMap((by) => [roll(before, by, 0), roll(before, by, 1)]);
    arrays.push(copy(shifted.reduce<Expr>((a, b) => a.mul(b).sqrt(), before)));
    if (!kept) release(before);
  }
  const sum = (kept ? arrays : arrays.slice(-1))
    .map((array) => roll(array, 1, 0))
    .reduce<Expr>((a, b) => a.add(b), first);
  last.set(sum);
  for (const array of arrays) release(array);
  session.handOver();
  grid.dispose();
  const [program, ...more] = programs;
  if (!program || more.length > 0) throw new Error('one unit was expected');
  return program;
}

const temporaries = (program: Program, rank: number, size: number): number =>
  lower(program, { rank, size }).plan.slots.filter(({ temp }) => temp).length;

describe('temporaries that are made one from the other', () => {
  it('take two fields, however many they are', () => {
    const program = generations(12, false);
    expect(program.slots.filter(({ transient }) => transient)).toHaveLength(12);
    expect(temporaries(program, 0, 1)).toBe(2);
  });

  it('are apart where their sweeps are walked together', () => {
    const program = generations(8, false, 2);
    const { joins = [], slots, waves } = lower(program, { rank: 0, size: 1 }).plan;
    expect(joins.length).toBeGreaterThan(0);
    expect(joins.reduce((sum, join) => sum + join.waves, 0)).toBe(waves.length);
    expect(slots.filter(({ temp }) => temp).length).toBeGreaterThan(2);
  });

  it('do so on each of several ranks', () => {
    const program = generations(9, false);
    expect([0, 1, 2, 3].map((rank) => temporaries(program, rank, 4))).toEqual([2, 2, 2, 2]);
  });

  it('take one each where all of them are read at the end', () => {
    // But the first one and the last one: their formulas stand where they are read.
    expect(temporaries(generations(7, true), 0, 1)).toBe(5);
  });
});

it('what reads nothing is written just before it is needed', () => {
  const { u, v, w, x, y } = new Grid([20, 30]).fields('u', 'v', 'w', 'x', 'y');
  u.at('1:-1').set(3); // another box than what follows: no part of its sweep
  v.set(roll(w, 1, 0));
  x.set(roll(v, 1, 0));
  y.set(roll(x, 1, 0).add(roll(u, 1, 0)));
  session.handOver();
  const [program] = programs;
  if (!program) throw new Error('one unit was expected');
  const { waves } = lower(program, { rank: 0, size: 1 }).plan;
  const [of3, ofY] = [0, 3].map((statement) => {
    const slot = program.statements[statement]?.target.slot ?? -1;
    return waves.findIndex(({ writes }) => writes.includes(slot));
  });
  expect(ofY).toBe(2);
  expect(of3).toBe(1);
});
