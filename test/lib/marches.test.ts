/** Units whose positions move on alike, as the engine gets them. Nothing is computed here. */
import { type Field, Grid, np } from 'quadrille';
import { expect, it } from 'vitest';
import { session } from '../../lib/session.js';
import { type FakeEngine, installFakeEngine } from './fake-engine.js';

const fake: FakeEngine = installFakeEngine();

/** Submitted by `body`: of each run the number of words, and the last word. */
function submitted(body: (x: Field, y: Field) => void): number[][] {
  const grid = new Grid([40, 8], { batch: 64 });
  const [x, y] = grid.fields(2);
  if (!x || !y) throw new Error('two fields');
  session.handOver();
  const before = fake.submitted.length;
  body(x, y);
  session.handOver();
  const units = fake.submitted.slice(before).map((run) => [...run.units]);
  grid.dispose();
  return units;
}

it('rows of np text in a loop are one march, after the first', () => {
  const units = submitted((x) => {
    for (let i = 1; i < 20; i++) np`${x}[${i}] = ${x}[${i - 1}] * 0.5`;
  });
  // [-1 - plan, field, integer of the first run, how far it moves on, runs], last.
  const [march] = units;
  const [at = 0, by, runs = 0] = march?.slice(-3) ?? [];
  expect(march?.at(-5)).toBeLessThan(0);
  expect(by).toBe(1);
  expect(at + runs).toBe(20);
});

it('runs that move on unevenly, or with other numbers, are no march', () => {
  const uneven = submitted((x) => {
    for (let i = 1; i < 6; i++) np`${x}[${i * i}] = ${x}[${i * i - 1}] * 0.5`;
  });
  const numbers = submitted((x) => {
    for (let i = 1; i < 20; i++) np`${x}[${i}] = ${x}[${i - 1}] * ${i + 0.5}`;
  });
  for (const units of [uneven, numbers]) expect(units.flat().every((word) => word >= 0)).toBe(true);
});

it('a march ends where other fields come', () => {
  const units = submitted((x, y) => {
    for (let i = 1; i < 10; i++) np`${x}[${i}] = ${x}[${i - 1}] * 0.5`;
    for (let i = 1; i < 10; i++) np`${y}[${i}] = ${y}[${i - 1}] * 0.5`;
  });
  expect(units.flat().filter((word) => word < 0)).toHaveLength(2);
});
