/** Nothing computed: an engine that notes what it is given, so that recording can be tested without native code. */

import type { Program } from '../../jit/program.js';
import type { Backend } from '../../lib/backend.js';
import type { AnyArray } from '../../lib/dtype.js';
import type { NativeEngine } from '../../lib/native.js';
import { session } from '../../lib/session.js';

export interface FakeEngine {
  /** Programs in the order of lowering; the index is the plan id. */
  readonly programs: Program[];
  /** Every run: the Program, engine ids of its fields, and all parameters of its batch. */
  readonly submitted: { units: number[]; params: number[] }[];
  /** Every loop: places' fields, parameters, number of steps. */
  readonly loops: { fields: number[]; params: number[]; count: number }[];
  /** Fields made, those over host memory too. */
  readonly created: number;
  readonly disposed: number[];
  readonly dropped: number[];
  readonly fills: { id: number; value: number }[];
  readonly writes: { id: number; data: AnyArray }[];
  /** Thrown by the next createField. */
  failure: Error | undefined;
}

/** Installs it; once per test file, before the first field. */
export function installFakeEngine({ rank = 0, size = 1 } = {}): FakeEngine {
  let fields = 0;
  let plans = 0;
  const fake: FakeEngine = {
    get created() {
      return fields;
    },
    programs: [],
    submitted: [],
    loops: [],
    disposed: [],
    dropped: [],
    fills: [],
    writes: [],
    failure: undefined,
  };
  const engine: NativeEngine = {
    info: () => ({ llvm: '', cpu: '', features: '' }),
    topology: () => ({
      cores: 1,
      l2Bytes: 0,
      l3Bytes: 0,
      cpus: { pus: [0], cores: [0], quota: Number.POSITIVE_INFINITY },
    }),
    memoryAvailable: () => 2 ** 40,
    start: () => {},
    hasKernel: () => true,
    compile: () => {},
    optimizedIR: () => '',
    dropKernel: () => {},
    maths: (_, a) => a,
    createField: () => {
      const { failure } = fake;
      fake.failure = undefined;
      if (failure) throw failure;
      return fields++;
    },
    createHostField: () => fields++,
    disposeField: (id) => void fake.disposed.push(id),
    fillField: (id, value) => void fake.fills.push({ id, value }),
    writeBlock: (id, data) => void fake.writes.push({ id, data }),
    valueSoon: () => undefined,
    readBlock: () => new Float64Array(0),
    loadPlan: () => plans++,
    dropPlan: (id) => void fake.dropped.push(id),
    planStats: () => ({ units: 0, computeSeconds: 0, bytesSwept: 0, chosen: -1 }),
    bandwidth: () => 0,
    submit: (units, params, words, values) =>
      void fake.submitted.push({ units: [...units.subarray(0, words)], params: [...params.subarray(0, values)] }),
    until: () => {},
    loop: (_, fields, params, count) => void fake.loops.push({ fields: [...fields], params: [...params], count }),
    queued: () => 0,
    sync: () => Promise.resolve(),
    barrier: () => Promise.resolve(),
    stats: () => {
      throw new Error('no statistics');
    },
    shutdown: () => {},
    abandon: () => {},
  };
  const backend: Backend = {
    rank,
    size,
    defaultThreads: () => 1,
    start: () => engine,
    lower: (program) => {
      fake.programs.push(program);
      const plan = {
        version: 1,
        key: program.key,
        label: program.label,
        params: program.params,
        bound: program.slots.length,
        slots: [],
        kernels: [],
        waves: [],
        threads: 1,
        odf: 1,
      } as const;
      return { plan, kernels: [] };
    },
  };
  session.useBackend(backend);
  return fake;
}
