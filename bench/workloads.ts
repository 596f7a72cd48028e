/** What is computed: the workloads by name, what a point costs at least, and every field's initial value. */

export type WorkloadName = 'laplace2d' | 'laplace3d' | 'burgers2d' | 'wave3d' | 'fdtd2d';

export interface Workload {
  readonly title: string;
  /** Points within so many of the edge keep their values: what is updated is the rest. */
  readonly radius: number;
  /** Elements that one step must read and write per point if each field is touched once. */
  readonly traffic: number;
  /** ns per point and step of plain C++ on one thread, from memory: to choose how many steps make a sample. */
  readonly cost: number;
  /** Steps of a sample of what may be tiled in time: it needs some to tile. */
  readonly leastSteps: number;
}

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  laplace2d: { title: '2-D Laplace', radius: 1, traffic: 2, cost: 0.9, leastSteps: 64 },
  laplace3d: { title: '3-D Laplace', radius: 1, traffic: 2, cost: 1.2, leastSteps: 32 },
  burgers2d: { title: '2-D Burgers', radius: 1, traffic: 4, cost: 2, leastSteps: 64 },
  wave3d: { title: '3-D wave, radius 4', radius: 4, traffic: 4, cost: 5, leastSteps: 32 },
  fdtd2d: { title: '2-D FDTD', radius: 1, traffic: 6, cost: 3, leastSteps: 64 },
};

export const BURGERS = { C: 0.1, D: 0.05 } as const;
export const FDTD_C = 0.5;
/** Eighth-order second derivative; the middle one is used once per dimension. */
export const WAVE: readonly [number, number, number, number, number] = [-205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560];

export interface Problem {
  readonly workload: WorkloadName;
  readonly dtype: 'f64' | 'f32';
  readonly shape: readonly number[];
}

/** As `setup` takes it, e.g. "laplace2d f64 4096x4096". */
export function describe({ workload, dtype, shape }: Problem): string {
  return `${workload} ${dtype} ${shape.join('x')}`;
}

/** For people, e.g. "2-D Laplace 4096²". */
export function title({ workload, dtype, shape }: Problem): string {
  const [n = 0] = shape;
  const size = shape.every((each) => each === n) ? `${n}${shape.length === 3 ? '³' : '²'}` : shape.join(' × ');
  return `${WORKLOADS[workload].title} ${size}${dtype === 'f32' ? ', f32' : ''}`;
}

export function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Points that a step updates. */
export function points({ workload, shape }: Problem): number {
  return elements(shape.map((n) => n - 2 * WORKLOADS[workload].radius));
}

/** Bytes that a step moves per point, at the least. */
export function bytesPerPoint({ workload, dtype }: Problem): number {
  return WORKLOADS[workload].traffic * (dtype === 'f64' ? 8 : 4);
}

/** base + ((a i + b j + c k) mod modulus) / divisor: nowhere denormal, everywhere stable, nowhere smooth. */
export interface Initial {
  readonly base: number;
  readonly factors: readonly [number, number, number];
  readonly modulus: number;
  readonly divisor: number;
}

function ramp(base: number, a: number, b: number): Initial {
  return { base, factors: [a, b, 29], modulus: 101, divisor: 101 };
}

export const FIRST = ramp(0, 7, 13);
export const SECOND = ramp(0, 13, 7);
export const THIRD = ramp(0, 11, 5);
export const BURGERS_U = ramp(1, 7, 13);
export const BURGERS_V = ramp(1, 13, 7);
/** (velocity dt / dx)^2 */
export const WAVE_M: Initial = { base: 26 / 512, factors: [1, 1, 1], modulus: 7, divisor: 512 };

/** All elements in C order. */
export function initialData(
  { base, factors: [a, b, c], modulus, divisor }: Initial,
  dtype: 'f64' | 'f32',
  [n0 = 1, n1 = 1, n2 = 1]: readonly number[],
): Float64Array | Float32Array {
  const data = dtype === 'f64' ? new Float64Array(n0 * n1 * n2) : new Float32Array(n0 * n1 * n2);
  const values = Float64Array.from({ length: modulus }, (_, value) => base + value / divisor);
  for (let i = 0, at = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      let value = (a * i + b * j) % modulus;
      for (let k = 0; k < n2; k++, at++) {
        data[at] = values[value] ?? 0;
        value += c;
        if (value >= modulus) value -= modulus;
      }
    }
  }
  return data;
}
