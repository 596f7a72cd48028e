/** Run under mpirun by exchange.test.ts: hand-written Plans through the executor, checked element by element. */
import './told-apart.js'; // first
import assert from 'node:assert/strict';
import type { Part } from '../../jit/plan.js';
import { loadEngine } from '../../lib/native.js';
import { barrier, comm, onEnd, print, rank, sharedWindow, size } from '../../lib/spmd.js';
import { planOf, type Ring, ringExchange, rowsOf, slot } from './ring-plan.js';

const ring: Ring = { rank, size, rows: 4, columns: Number(process.argv[3] ?? 6) };
const { rows, columns } = ring;
const points = rows * columns;
const engine = loadEngine();
const external = comm();
engine.start({ threads: 1, cacheDir: null, ...(external !== undefined && { comm: external }) });
onEnd(() => engine.sync());

type Values = (i: number, j: number) => number;

/** Global row and column in, the value there. Rows are taken modulo the ring. */
const numbered: Values = (i, j) => i * 1000 + j;
const negated: Values = (i, j) => -numbered(i, j);

function block(value: Values): number[] {
  const total = rows * size;
  return Array.from({ length: points }, (_, k) => value((rank * rows + Math.floor(k / columns)) % total, k % columns));
}

function field(dtype: 'f64' | 'f32'): number {
  const { shape, offset, extent } = slot(ring, dtype, 0);
  return engine.createField({ dtype, shape, offset, extent });
}

function write(id: number, dtype: 'f64' | 'f32', value: Values): void {
  engine.writeBlock(id, dtype === 'f64' ? Float64Array.from(block(value)) : Float32Array.from(block(value)));
}

/** Runs one plan; what it sent. */
async function run(plan: number, ...fields: number[]): Promise<{ messages: number; bytes: number }> {
  await engine.sync();
  const before = engine.stats();
  engine.submit(Int32Array.from([plan, ...fields]), new Float64Array(0));
  await engine.sync();
  const after = engine.stats();
  return { messages: after.messagesSent - before.messagesSent, bytes: after.bytesSent - before.bytesSent };
}

function expectRows(id: number, expected: readonly (readonly [globalRow: number, value: Values])[]): void {
  const total = rows * size;
  const found = engine.readBlock(id);
  assert.ok(!(found instanceof BigInt64Array));
  expected.forEach(([row, value], r) => {
    const want = Array.from({ length: columns }, (_, j) => Math.fround(value((row + total) % total, j)));
    const got = Array.from(found.subarray(r * columns, (r + 1) * columns), Math.fround);
    assert.deepEqual(got, want, `row ${r} of field ${id} on rank ${rank}`);
  });
}

const neighbours = size === 1 ? 0 : size === 2 ? 1 : 2;
const top = rank * rows;
const bottom = top + rows;

/** Slots: a (f64, 2 rows of halo), b (f32, 1 row); then c and d, into which the second wave copies those halos. */
const halos = planOf(
  [slot(ring, 'f64', 2), slot(ring, 'f32', 1), slot(ring, 'f64', 0), slot(ring, 'f32', 0)],
  [
    [
      ringExchange(ring, [
        [0, 2],
        [1, 1],
      ]),
      [],
    ],
    [
      {
        sends: [],
        recvs: [],
        locals: [
          { from: rowsOf(ring, 0, -2, 2), to: rowsOf(ring, 2, 0, 2) },
          { from: rowsOf(ring, 0, rows, 2), to: rowsOf(ring, 2, 2, 2) },
          { from: rowsOf(ring, 1, -1, 1), to: rowsOf(ring, 3, 0, 1) },
          { from: rowsOf(ring, 1, rows, 1), to: rowsOf(ring, 3, 1, 1) },
        ],
      },
      [2, 3],
    ],
  ],
);
const bytesOfA = size === 1 ? 0 : 4 * columns * 8;
const bytesOfB = size === 1 ? 0 : 2 * columns * 4;

async function severalFields(): Promise<void> {
  const plan = engine.loadPlan(halos);
  const [a, b, c, d] = [field('f64'), field('f32'), field('f64'), field('f32')];
  const expectHalos = (ofA: Values, ofB: Values): void => {
    expectRows(c, [
      [top - 2, ofA],
      [top - 1, ofA],
      [bottom, ofA],
      [bottom + 1, ofA],
    ]);
    expectRows(d, [
      [top - 1, ofB],
      [bottom, ofB],
    ]);
  };
  write(a, 'f64', numbered);
  write(b, 'f32', negated);
  assert.deepEqual(
    await run(plan, a, b, c, d),
    { messages: neighbours, bytes: bytesOfA + bytesOfB },
    'one message each',
  );
  expectHalos(numbered, negated);

  assert.deepEqual(await run(plan, a, b, c, d), { messages: 0, bytes: 0 }, 'nothing was written: nothing travels');
  expectHalos(numbered, negated);

  write(b, 'f32', numbered);
  assert.deepEqual(await run(plan, a, b, c, d), { messages: neighbours, bytes: bytesOfB }, 'only b was written');
  expectHalos(numbered, numbered);

  write(a, 'f64', negated);
  assert.deepEqual(await run(plan, a, b, c, d), { messages: neighbours, bytes: bytesOfA }, 'only a was written');
  expectHalos(negated, numbered);

  // Other fields in the same slots, turn about: each remembers for itself.
  const [a2, b2] = [field('f64'), field('f32')];
  write(a2, 'f64', numbered);
  write(b2, 'f32', negated);
  assert.deepEqual(await run(plan, a2, b2, c, d), { messages: neighbours, bytes: bytesOfA + bytesOfB }, 'new fields');
  expectHalos(numbered, negated);
  assert.deepEqual(await run(plan, a, b, c, d), { messages: 0, bytes: 0 }, 'the first pair again');
  expectHalos(negated, numbered);

  // A field that takes a dead one's memory is another field.
  engine.disposeField(a);
  const a3 = field('f64');
  write(a3, 'f64', numbered);
  assert.deepEqual(await run(plan, a3, b, c, d), { messages: neighbours, bytes: bytesOfA }, 'a was replaced');
  expectHalos(numbered, numbered);
  for (const id of [a2, a3, b, b2, c, d]) engine.disposeField(id);
  engine.dropPlan(plan);
}

/** Strided and mirrored parts, to the next rank and within this one. */
async function stridedParts(): Promise<void> {
  const mirrored = (of: number): Part => ({
    slot: of,
    origin: [rows - 1, columns - 1],
    axes: [
      { dim: 0, step: -1, count: rows },
      { dim: 1, step: -1, count: columns },
    ],
    halo: -1,
  });
  const everyOther = (of: number, column: number): Part => ({
    slot: of,
    origin: [0, column],
    axes: [
      { dim: 1, step: 2, count: Math.floor(columns / 2) },
      { dim: 0, step: 1, count: rows },
    ],
    halo: -1,
  });
  const whole = (of: number): Part => rowsOf(ring, of, 0, rows);
  const [next, previous] = [(rank + 1) % size, (rank + size - 1) % size];
  const plan = engine.loadPlan(
    planOf(
      [0, 1, 2].map(() => slot(ring, 'f64', 0)),
      [
        [
          {
            sends: size === 1 ? [] : [{ peer: next, parts: [mirrored(0)] }],
            recvs: size === 1 ? [] : [{ peer: previous, parts: [whole(1)] }],
            locals: [
              ...(size === 1 ? [{ from: mirrored(0), to: whole(1) }] : []),
              { from: everyOther(0, 0), to: everyOther(2, 1) },
            ],
          },
          [1, 2],
        ],
      ],
    ),
  );
  const [a, b, c] = [field('f64'), field('f64'), field('f64')];
  write(a, 'f64', numbered);
  for (let repeat = 0; repeat < 3; repeat++) {
    assert.equal((await run(plan, a, b, c)).messages, size === 1 ? 0 : 1, 'no halo part: travels in every run');
  }
  const theirTop = previous * rows;
  const fromEnd: Values = (i, j) => numbered(i, columns - 1 - j);
  expectRows(
    b,
    [3, 2, 1, 0].map((r) => [theirTop + r, fromEnd] as const),
  );
  const shifted: Values = (i, j) => (j % 2 === 1 ? numbered(i, j - 1) : 0);
  expectRows(
    c,
    [0, 1, 2, 3].map((r) => [top + r, shifted] as const),
  );
}

/** What rank 1 does differently from the others, by name. */
async function diverge(way: string): Promise<void> {
  const mine = rank === 1;
  const slots = [slot(ring, 'f64', 2), slot(ring, 'f64', 2)];
  const ringPlan = (label: string, key: string, depth = 2): number =>
    engine.loadPlan(planOf(slots, [[ringExchange(ring, [[0, depth]]), [0]]], { label, key, params: 1 }));
  const common = ringPlan('solver.ts:10', '11'.repeat(16));
  const a = field('f64');
  const b = field('f64');
  const submit = (plan: number, fields = [a, b], dt = 0.1): void =>
    engine.submit(Int32Array.from([plan, ...fields]), Float64Array.of(dt));
  submit(common);
  await engine.sync();
  if (way === 'program') submit(mine ? ringPlan('solver.ts:20', '22'.repeat(16)) : common);
  if (way === 'longer')
    submit(mine ? ringPlan('solver.ts:20', '22'.repeat(16)) : ringPlan('solver.ts:30', '33'.repeat(16), 1));
  if (way === 'halo-of-one-rank') {
    submit(mine ? ringPlan('solver.ts:10', '11'.repeat(16), 1) : common);
  }
  if (way === 'fields') submit(common, mine ? [b, a] : [a, b]);
  if (way === 'numbers') submit(common, [a, b], mine ? 0.1 : 0.2);
  if (way === 'throws' && mine) throw new Error('not today');
  if (way === 'throws') submit(common);
  if (way === 'ends-early' && mine) return;
  if (way === 'ends-early') submit(common);
  // From rank 0 to rank 1 only: nothing that comes in tells rank 0 that rank 1 is elsewhere.
  if (way === 'slot' && !mine) {
    const down = { sends: [{ peer: 1, parts: [rowsOf(ring, 0, rows - 2, 2)] }], recvs: [], locals: [] };
    const plan = engine.loadPlan(
      planOf(slots, [[down, [0]]], { label: 'solver.ts:40', key: '44'.repeat(16), params: 1 }),
    );
    submit(plan);
    submit(plan);
  }
  if (way === 'slot' && mine) await engine.barrier('solver.ts:99');
  if (way === 'barrier' && mine) await engine.barrier('solver.ts:99');
  if (way === 'barrier' && !mine) submit(common);
  await engine.sync();
}

const [, , what = 'all'] = process.argv;
if (what === 'all') {
  await severalFields();
  await stridedParts();
  await barrier();
  await engine.sync();
  const { bytesSent, bytesShared } = engine.stats();
  const share = bytesShared === 0 ? 'none' : bytesShared === bytesSent ? 'all' : 'some';
  print(`exchanged on ${size} ranks, ${share} of it in shared memory`);
  const window = sharedWindow();
  print(`a window of ${window?.bytes} bytes${window?.absent ? ` (${window.absent})` : ''}`);
} else {
  await diverge(what);
}
