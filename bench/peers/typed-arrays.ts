/** The TypedArray peer: the loops that a JavaScript user writes, f64, one thread. Speaks protocol.h. */
import { createInterface } from 'node:readline';
import { checksum } from '../checksum.js';
import {
  BURGERS,
  BURGERS_U,
  BURGERS_V,
  FDTD_C,
  FIRST,
  initialData,
  SECOND,
  THIRD,
  WAVE,
  WAVE_M,
  type WorkloadName,
} from '../workloads.js';

interface Solver {
  step(): void;
  results(): { data: Float64Array; row: number }[];
}

/** Elements out of range do not occur; `?? 0`, which strict types ask for, costs nothing measurable once compiled. */
type Data = Float64Array<ArrayBuffer>;

function filled(numbers: Parameters<typeof initialData>[0], shape: readonly number[]): Data {
  return Float64Array.from(initialData(numbers, 'f64', shape));
}

function laplace2d([m = 0, n = 0]: readonly number[]): Solver {
  let [x, y] = [filled(FIRST, [m, n]), filled(FIRST, [m, n])];
  const sweep = (to: Data, from: Data): void => {
    for (let i = 1; i < m - 1; i++) {
      for (let o = i * n + 1; o < i * n + n - 1; o++) {
        to[o] = 0.25 * ((from[o - n] ?? 0) + (from[o + n] ?? 0) + (from[o - 1] ?? 0) + (from[o + 1] ?? 0));
      }
    }
  };
  return {
    step() {
      sweep(y, x);
      [x, y] = [y, x];
    },
    results: () => [{ data: x, row: n }],
  };
}

function laplace3d([l = 0, m = 0, n = 0]: readonly number[]): Solver {
  let [x, y] = [filled(FIRST, [l, m, n]), filled(FIRST, [l, m, n])];
  const s = m * n;
  const sweep = (to: Data, from: Data): void => {
    for (let i = 1; i < l - 1; i++) {
      for (let j = 1; j < m - 1; j++) {
        for (let o = i * s + j * n + 1; o < i * s + j * n + n - 1; o++) {
          to[o] =
            (1 / 6) *
            ((from[o - s] ?? 0) +
              (from[o + s] ?? 0) +
              (from[o - n] ?? 0) +
              (from[o + n] ?? 0) +
              (from[o - 1] ?? 0) +
              (from[o + 1] ?? 0));
        }
      }
    }
  };
  return {
    step() {
      sweep(y, x);
      [x, y] = [y, x];
    },
    results: () => [{ data: x, row: n }],
  };
}

function burgers2d([m = 0, n = 0]: readonly number[]): Solver {
  let [u, v] = [filled(BURGERS_U, [m, n]), filled(BURGERS_V, [m, n])];
  let [p, q] = [u.slice(), v.slice()];
  const { C, D } = BURGERS;
  const sweep = (to: Data, of: Data, u: Data, v: Data): void => {
    for (let i = 1; i < m - 1; i++) {
      for (let o = i * n + 1; o < i * n + n - 1; o++) {
        const a = of[o] ?? 0;
        const west = of[o - 1] ?? 0;
        const north = of[o - n] ?? 0;
        to[o] =
          a -
          C * (u[o] ?? 0) * (a - west) -
          C * (v[o] ?? 0) * (a - north) +
          D * ((of[o + 1] ?? 0) - 2 * a + west) +
          D * ((of[o + n] ?? 0) - 2 * a + north);
      }
    }
  };
  return {
    step() {
      sweep(p, u, u, v);
      sweep(q, v, u, v);
      [u, v, p, q] = [p, q, u, v];
    },
    results: () => [
      { data: u, row: n },
      { data: v, row: n },
    ],
  };
}

function wave3d([l = 0, m = 0, n = 0]: readonly number[]): Solver {
  let [p, q] = [filled(FIRST, [l, m, n]), filled(FIRST, [l, m, n])];
  const c = filled(WAVE_M, [l, m, n]);
  const s = m * n;
  const sweep = (q: Data, p: Data): void => {
    for (let i = 4; i < l - 4; i++) {
      for (let j = 4; j < m - 4; j++) {
        for (let o = i * s + j * n + 4; o < i * s + j * n + n - 4; o++) {
          let sum = 3 * WAVE[0] * (p[o] ?? 0);
          for (let r = 1; r <= 4; r++) {
            sum +=
              (WAVE[r] ?? 0) *
              ((p[o - r * s] ?? 0) +
                (p[o + r * s] ?? 0) +
                (p[o - r * n] ?? 0) +
                (p[o + r * n] ?? 0) +
                (p[o - r] ?? 0) +
                (p[o + r] ?? 0));
          }
          q[o] = 2 * (p[o] ?? 0) - (q[o] ?? 0) + (c[o] ?? 0) * sum;
        }
      }
    }
  };
  return {
    step() {
      sweep(q, p);
      [p, q] = [q, p];
    },
    results: () => [
      { data: p, row: n },
      { data: q, row: n },
    ],
  };
}

function fdtd2d([m = 0, n = 0]: readonly number[]): Solver {
  const [e, hx, hy] = [filled(FIRST, [m, n]), filled(SECOND, [m, n - 1]), filled(THIRD, [m - 1, n])];
  return {
    step() {
      for (let i = 0; i < m; i++) {
        for (let j = 0, o = i * n, h = i * (n - 1); j < n - 1; j++, o++, h++) {
          hx[h] = (hx[h] ?? 0) - FDTD_C * ((e[o + 1] ?? 0) - (e[o] ?? 0));
        }
      }
      for (let o = 0; o < (m - 1) * n; o++) hy[o] = (hy[o] ?? 0) + FDTD_C * ((e[o + n] ?? 0) - (e[o] ?? 0));
      for (let i = 1; i < m - 1; i++) {
        for (let j = 1, o = i * n + 1, h = i * (n - 1) + 1; j < n - 1; j++, o++, h++) {
          const curl = (hy[o] ?? 0) - (hy[o - n] ?? 0) - ((hx[h] ?? 0) - (hx[h - 1] ?? 0));
          e[o] = (e[o] ?? 0) + FDTD_C * curl;
        }
      }
    },
    results: () => [
      { data: e, row: n },
      { data: hx, row: n - 1 },
      { data: hy, row: n },
    ],
  };
}

const solvers: Readonly<Record<WorkloadName, (shape: readonly number[]) => Solver>> = {
  laplace2d,
  laplace3d,
  burgers2d,
  wave3d,
  fdtd2d,
};

function answer(line: string): string {
  const [command, ...words] = line.split(' ');
  if (command === 'setup') {
    const [workload, , shape = ''] = words;
    const make = Object.entries(solvers).find(([name]) => name === workload)?.[1];
    if (!make) throw new RangeError(`no workload ${workload}`);
    solver = undefined;
    solver = make(shape.split('x').map(Number));
    return 'ok';
  }
  if (command === 'free') {
    solver = undefined;
    return 'ok';
  }
  if (solver && command === 'run') {
    const steps = Number(words[0]);
    const start = performance.now();
    for (let step = 0; step < steps; step++) solver.step();
    return ((performance.now() - start) / 1000).toFixed(9);
  }
  if (solver && command === 'checksum') return checksum(solver.results());
  throw new Error(`unknown command: ${line}`);
}

let solver: Solver | undefined;
for await (const line of createInterface(process.stdin)) console.log(answer(line));
