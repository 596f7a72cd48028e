/** grid.explain(): recorded Programs as NumPy-like text, their Plans, and the kernels' IR. */
import { megabytes } from '../jit/bytes.js';
import { type Machine, predict, printSpeed, type Ran } from '../jit/predict.js';
import { chainIn, printLoop, printPlan } from '../jit/print.js';
import type { Axis, BinaryFn, Decomposition, Expr, Program, ViewRef } from '../jit/program.js';
import { COMMON_CACHES } from '../jit/tiling.js';
import { memoryBandwidth } from './bandwidth.js';
import { session } from './session.js';
import { formatShape } from './shape.js';
import { sharedWindow } from './spmd.js';

/** Every Program with a field of this decomposition, in the order of recording. */
export function explainPrograms(decomposition: Decomposition): string {
  const same = ({ shape, processGrid }: Decomposition): boolean =>
    String(shape) === String(decomposition.shape) && String(processGrid) === String(decomposition.processGrid);
  const sections: string[] = [];
  const shown = new Set<string>(); // programs share kernels
  for (const record of session.recorder.recorded) {
    const { program, moving, loops } = record;
    if (!program.slots.some((slot) => same(slot.decomposition))) continue;
    const { plan, kernels, cost } = session.backend.lower(program, moving?.ints ?? []);
    const specs = new Map(kernels.map(({ key, spec }) => [key, spec]));
    const machine = machineFor(program.options.threads);
    const speed = (ids: readonly number[], steps: number): string[] =>
      cost ? [`    ${printSpeed(predict(cost, steps, machine), ranSoFar(ids), machine)}`] : [];
    const texts = kernels.filter(({ key }) => !shown.has(key)).map((kernel) => kernel.text());
    for (const { key } of kernels) shown.add(key);
    const looped = [...loops].flatMap(([next, id]) => {
      const { loop } = session.backend.lower(program, [], { next: next.split(',').map(Number) }).plan;
      if (!loop) return [];
      const tuned = session.engine.planStats(id).chosen;
      return [...printLoop(loop, tuned), ...speed([id], chainIn(loop, tuned)?.steps ?? 1)];
    });
    const details = { specs, streamBytes: streamBytes() };
    sections.push(
      [
        printProgram(program),
        printPlan(plan, details),
        ...speed(moving ? [...moving.plans.values()] : [record.plan], 1),
        ...looped,
        ...texts,
      ].join('\n'),
    );
  }
  return sections.length === 0 ? 'nothing recorded yet' : [...messagesGo(), ...sections].join('\n\n');
}

/** How halos travel between the ranks of this node; nothing on one rank. */
function messagesGo(): string[] {
  const window = sharedWindow();
  if (!window) return [];
  return window.bytes > 0
    ? [`messages between ranks of a node: from 2 KB on in memory they share, ${megabytes(window.bytes)} a rank`]
    : [`messages between ranks of a node: all are sent (${window.absent})`];
}

/** All Plans of one Program together. */
function ranSoFar(plans: readonly number[]): Ran {
  const all = { units: 0, computeSeconds: 0, bytesSwept: 0 };
  for (const plan of plans.filter((id) => id >= 0)) {
    const { units, computeSeconds, bytesSwept } = session.engine.planStats(plan);
    all.units += units;
    all.computeSeconds += computeSeconds;
    all.bytesSwept += bytesSwept;
  }
  return all;
}

/** What the memory gives is measured once on a machine, if the engine is at rest, and known from then on. */
function machineFor(threads: number): Machine {
  return {
    threads,
    l2Bytes: session.backend.l2Bytes?.() ?? COMMON_CACHES.l2Bytes,
    memoryGBs: memoryBandwidth(threads),
  };
}

/** The executor's threshold (native/executor/binding.cc). */
function streamBytes(): number {
  const given = Number.parseInt(process.env['QUADRILLE_STREAM_BYTES'] ?? '', 10);
  return Number.isNaN(given) ? 2 ** 26 : given;
}

/** A Program as NumPy text: fields a, b, ... by slot (%0, %1, ... in its Plan), parameters p0, p1, ... */
export function printProgram(program: Program): string {
  const lines = [`program ${program.key} (${program.label})`];
  program.slots.forEach((slot, s) => {
    if (slot.shape.length === 0) lines.push(`  ${slotName(s)} (%${s}): ${slot.dtype} Scalar`);
    else
      lines.push(
        `  ${slotName(s)} (%${s}): ${slot.dtype} ${formatShape(slot.shape)} on a ${slot.decomposition.processGrid.join(' x ')} process grid`,
      );
  });
  for (const { target, value, reduce, axes } of program.statements) {
    const text = printExpr(value);
    const along = axes ? `, axis=(${axes.join(', ')})` : '';
    lines.push(`  ${printView(target)} = ${reduce ? `${reduce}(${text}${along})` : text}`);
  }
  return lines.join('\n');
}

const INFIX: Partial<Record<BinaryFn, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  pow: '**',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  eq: '==',
  ne: '!=',
  and: '&',
  or: '|',
  bitand: '&',
  bitor: '|',
};

function printExpr(expr: Expr): string {
  switch (expr.op) {
    case 'load':
      return printView(expr.view);
    case 'param':
      return `p${expr.index}`;
    case 'iota': {
      const { axis, start, step, shape } = expr;
      const end = start + step * (shape[axis] ?? 0);
      return shape.length === 1
        ? `index(${start}:${end}:${step})`
        : `index(${start}:${end}:${step}, axis ${axis - shape.length})`;
    }
    case 'unary':
      return expr.fn === 'neg' ? `(-${printExpr(expr.a)})` : `${expr.fn}(${printExpr(expr.a)})`;
    case 'binary': {
      const sign = INFIX[expr.fn];
      const [a, b] = [printExpr(expr.a), printExpr(expr.b)];
      return sign === undefined ? `${expr.fn}(${a}, ${b})` : `(${a} ${sign} ${b})`;
    }
    case 'where':
      return `where(${printExpr(expr.cond)}, ${printExpr(expr.a)}, ${printExpr(expr.b)})`;
  }
}

function printView({ slot, axes, dims }: ViewRef): string {
  if (axes.length === 0) return slotName(slot); // a Scalar
  const order = dims ? ` in the order (${dims.map((d) => (d < 0 ? 'new' : d)).join(', ')})` : '';
  return `${slotName(slot)}[${axes.map(printAxis).join(', ')}]${order}`;
}

function printAxis(axis: Axis): string {
  if (axis.dyn !== undefined) {
    const by = axis.kind === 'index' ? axis.at : axis.start;
    const first = `i${axis.dyn}${by === 0 ? '' : by > 0 ? `+${by}` : by}`;
    return axis.kind === 'index' ? first : `${first} (${axis.count}${axis.step === 1 ? '' : `, step ${axis.step}`})`;
  }
  if (axis.kind === 'index') return String(axis.at);
  if (axis.wrap) {
    const { start, step, count } = axis;
    return step === 1 ? `${start}:${start + count} wrapping` : `${start} (${count}, step ${step}) wrapping`;
  }
  if (axis.count === 0) return '0:0';
  const end = axis.start + axis.step * axis.count;
  return `${axis.start}:${end < 0 ? '' : end}${axis.step === 1 ? '' : `:${axis.step}`}`;
}

function slotName(slot: number): string {
  return slot < 26 ? String.fromCharCode(97 + slot) : `f${slot}`;
}
