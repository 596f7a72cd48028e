/**
 * Where reduced values lie already: a kernel's specification in; out, for each of its buffers, the field whose elements
 * would only be copied there. Nothing for kernels that do more than fill buffers.
 */
import type { KernelIndex, KernelSpec } from './kernel.js';
import type { TaskReduction } from './plan.js';

type Source = NonNullable<TaskReduction['source']>;

/** `fields`: how many of the kernel's slots are fields; buffers come after them. */
export function sourcesOf({ stores, dims }: KernelSpec, fields: number): (Source | undefined)[] {
  if (stores.some((store) => store.slot < fields)) return [];
  return stores.map(({ value }) => {
    if (value.op !== 'load' || value.index.length !== dims || !value.index.every(isShift)) return undefined;
    return { place: value.slot, shift: value.index.map(({ c }) => c) };
  });
}

function isShift({ axis, a, biased }: KernelIndex, d: number): boolean {
  return axis === d && a === 1 && !biased;
}
