/** What a step of a loop costs, roughly: its groups in; bytes and nanoseconds per rank out. */
import { BYTES } from './bytes.js';
import { type Group, slotsOf } from './fuse.js';
import type { SlotTable } from './place.js';
import type { SweepExpr } from './sweep.js';

export interface Cost {
  /** Points along each dimension that the largest rank sweeps. */
  readonly extent: readonly number[];
  /** All fields' elements at one position, and the smallest of them. */
  readonly bytesPerPoint: number;
  readonly leastBytes: number;
  /** Bytes of all fields touched. */
  readonly workingSet: number;
  /** Per position, on one core: computing, and moving its bytes once. */
  readonly computeNs: number;
  readonly memoryNs: number;
}

/** GB/s that one core gets from memory where the others ask for theirs, too. */
export const CORE_BANDWIDTH = 16;
/** Nanoseconds per element, vectorised. */
const NS = { simple: 0.04, division: 0.4, power: 4, transcendental: 1.2 };
const DIVISIONS = new Set(['div', 'sqrt', 'reciprocal']);
const SIMPLE = new Set(
  'neg abs floor ceil square not add sub mul minimum maximum lt le gt ge eq ne and or where'.split(' '),
);

export function costOf(groups: readonly Group[], table: SlotTable): Cost {
  const fields = [...slotsOf(groups.flatMap(({ sweeps }) => sweeps))];
  const slots = fields.filter((slot) => !table.layouts[slot]?.replicated);
  const bytes = slots.map((slot) => BYTES[table.decls[slot]?.dtype ?? 'f64']);
  const extent = extentOf(groups, table);
  const points = extent.reduce((product, n) => product * n, 1);
  const bytesPerPoint = bytes.reduce((sum, n) => sum + n, 0);
  const computeNs = groups.reduce((sum, group) => {
    const share = extent.reduce((part, n, d) => (part * pointsAlong(group, d, table)) / n, 1);
    return sum + share * group.sweeps.reduce((ns, sweep) => ns + nanoseconds(sweep.value), 0);
  }, 0);
  return {
    extent,
    bytesPerPoint,
    leastBytes: Math.min(8, ...bytes),
    workingSet: points * bytesPerPoint,
    computeNs,
    memoryNs: bytesPerPoint / CORE_BANDWIDTH,
  };
}

/** Points along each dimension that the largest rank sweeps. */
export function extentOf(groups: readonly Group[], table: SlotTable): number[] {
  const dims = groups[0]?.loops.length ?? 0;
  return Array.from({ length: dims }, (_, d) => Math.max(1, ...groups.map((group) => pointsAlong(group, d, table))));
}

/** The same of one group. */
export function pointsAlong({ loops, sweeps }: Group, d: number, table: SlotTable): number {
  const { count = 1, step = 1 } = loops[d] ?? {};
  return Math.ceil((count * step) / (table.layouts[sweeps[0]?.target ?? 0]?.processGrid[d] ?? 1));
}

function nanoseconds(expr: SweepExpr): number {
  const kids =
    'cond' in expr ? [expr.cond, expr.a, expr.b] : 'b' in expr ? [expr.a, expr.b] : 'a' in expr ? [expr.a] : [];
  const name = 'fn' in expr ? expr.fn : expr.op === 'where' ? 'where' : '';
  const own =
    name === ''
      ? 0
      : SIMPLE.has(name)
        ? NS.simple
        : DIVISIONS.has(name)
          ? NS.division
          : name === 'pow'
            ? NS.power
            : NS.transcendental;
  return kids.reduce((sum, kid) => sum + nanoseconds(kid), own);
}
