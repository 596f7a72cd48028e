/** An engine that accepts everything and does nothing, so that only what happens before the engine is timed. */
import type { Backend } from '../../lib/backend.js';
import type { NativeEngine } from '../../lib/native.js';
import { NOTHING } from '../../lib/stats.js';

let ids = 0;

const nullEngine: NativeEngine = {
  info: () => ({ llvm: '', cpu: '', features: '' }),
  topology: () => ({
    cores: 1,
    l2Bytes: 0,
    l3Bytes: 0,
    cpus: { pus: [0], cores: [0], quota: Number.POSITIVE_INFINITY },
  }),
  memoryAvailable: () => Number.POSITIVE_INFINITY,
  start: () => {},
  hasKernel: () => true,
  compile: () => {},
  optimizedIR: () => '',
  dropKernel: () => {},
  maths: (_, a) => a,
  createField: () => ++ids,
  createHostField: () => ++ids,
  disposeField: () => {},
  fillField: () => {},
  writeBlock: () => {},
  valueSoon: () => undefined,
  readBlock: () => new Float64Array(0),
  loadPlan: () => ++ids,
  dropPlan: () => {},
  planStats: () => ({ units: 0, computeSeconds: 0, bytesSwept: 0, chosen: -1 }),
  submit: () => {},
  loop: () => {},
  until: () => {},
  queued: () => 0,
  sync: () => Promise.resolve(),
  barrier: () => Promise.resolve(),
  stats: () => NOTHING,
  bandwidth: () => 0,
  shutdown: () => {},
  abandon: () => {},
};

export const nullBackend: Backend = {
  rank: 0,
  size: 1,
  defaultThreads: () => 1,
  start: () => nullEngine,
  lower: (program) => ({
    plan: {
      version: 1,
      key: program.key,
      label: program.label,
      params: 0,
      bound: 0,
      slots: [],
      kernels: [],
      waves: [],
      threads: 1,
      odf: 1,
    },
    kernels: [],
  }),
};
