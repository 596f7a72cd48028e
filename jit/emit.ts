/**
 * Emission: kernel specification in, LLVM bitcode out. One loop nest, its rows unrolled and jammed (jam.ts); each load
 * is ONE flat index (row offset + x), never a row pointer: GVN turns row pointers into recurrences that the vectoriser
 * refuses (measured 2.6x).
 */

import { emitExpr, type Loads } from './emit-expr.js';
import { type ArgType, type Block, type Fn, ModuleBuilder, type Phi, type Value } from './ir.js';
import { jamAxis, jamFactor, rowsOn } from './jam.js';
import type { KernelIndex, KernelSpec } from './kernel.js';
import type { DType } from './program.js';
import { concrete, operandType } from './types.js';

/** Bitcode with the function `symbol` (ABI: jit/plan.ts, PlanKernel). */
export function emitKernel(spec: KernelSpec, symbol: string, jam = jamFactor(spec)): Uint8Array {
  return build(spec, symbol, jam).bitcode();
}

/** The same module as text, for explain(). */
export function kernelText(spec: KernelSpec, symbol: string): string {
  return build(spec, symbol, jamFactor(spec)).text();
}

function build(spec: KernelSpec, symbol: string, jam: number): ModuleBuilder {
  const ir = new ModuleBuilder(symbol);
  const body = new Body(ir, spec, symbol, jam);
  body.emit();
  emitEntry(ir, spec, symbol, body.fn);
  return ir;
}

/**
 * The body takes every address and bound as an argument of its own, as only arguments can be declared `noalias` (the
 * engine does: distinct slots are distinct fields).
 */
function bodyArgs(spec: KernelSpec): ArgType[] {
  const pointers = spec.slots.map((slot): ArgType => `${slot.dtype}*`);
  const bounds = Array.from({ length: 3 * spec.dims }, (): ArgType => 'i64');
  const strides = spec.slots.flatMap((slot) => Array.from({ length: slot.ndim - 1 }, (): ArgType => 'i64'));
  const constants = Array.from({ length: spec.constants }, (): ArgType => 'i64');
  return [...pointers, 'f64*', ...bounds, ...strides, ...constants];
}

function emitEntry(ir: ModuleBuilder, spec: KernelSpec, symbol: string, body: Fn): void {
  const entry = ir.defineFunction(symbol, ['ptr*', 'f64*', 'i64*'], 'external');
  ir.at(ir.block('entry', entry));
  const [addresses, params, ints] = [entry.getArg(0), entry.getArg(1), entry.getArg(2)];
  const pointers = spec.slots.map((slot, k) => ir.loadAddress(slot.dtype, addresses, ir.int(k)));
  const count = bodyArgs(spec).length - pointers.length - 1;
  const integers = Array.from({ length: count }, (_, k) => ir.load('i64', ints, ir.int(k)));
  ir.call(body, [...pointers, params, ...integers]);
  ir.returnVoid();
}

/** Row offset of an access: all dimensions but the last, times their strides. */
interface Row {
  readonly key: string;
  readonly slot: number;
  readonly index: readonly KernelIndex[];
  /** Innermost loop it depends on, -1 if none: it is computed there, once. */
  readonly level: number;
}

class Body {
  readonly fn: Fn;
  private readonly counters: Phi[] = [];
  private readonly rows = new Map<string, Value>();
  /** Rows that the loops now being emitted do at a time. */
  private together = 1;
  private readonly paramValues = new Map<string, Value>();

  constructor(
    private readonly ir: ModuleBuilder,
    private readonly spec: KernelSpec,
    symbol: string,
    private readonly jam: number,
  ) {
    this.fn = ir.defineFunction(`${symbol}_body`, bodyArgs(spec), 'internal');
  }

  emit(): void {
    const { ir, fn, spec } = this;
    const entry = ir.block('entry', fn);
    ir.at(entry);
    for (const { index, dtype } of paramsOf(spec)) {
      const value = ir.load('f64', fn.getArg(spec.slots.length), ir.int(index));
      this.paramValues.set(`${index}:${dtype}`, ir.convert(value, 'f64', dtype));
    }
    this.emitRows(rowsOf(spec, this.jam), -1);
    const exit = ir.block('exit', fn);
    this.loop(0, entry, exit);
    ir.at(exit);
    ir.returnVoid();
  }

  /** Loops run at least once (the executor never passes an empty box), so each tests at its end. */
  private loop(d: number, before: Block, after: Block): void {
    const { ir, spec } = this;
    if (this.jam > 1 && d === jamAxis(spec)) {
      this.jammed(d, before, after);
      return;
    }
    const name = d === spec.dims - 1 ? 'inner' : `loop${d}`;
    const head = ir.block(this.together > 1 ? `${name}_jam` : name, this.fn);
    ir.jump(head);
    this.steps({ d, rows: 1, from: this.bound(d, 'lo') }, { before, head, after });
  }

  /** Groups of rows as long as they are whole, then what is left, row by row. */
  private jammed(d: number, before: Block, after: Block): void {
    const { ir, fn, jam: rows } = this;
    const [lo, hi] = [this.bound(d, 'lo'), this.bound(d, 'hi')];
    const group = ir.block(`loop${d}_jam`, fn);
    const rest = ir.block(`loop${d}_rest`, fn);
    const row = ir.block(`loop${d}`, fn);
    ir.branch(ir.less(hi, ir.add(lo, ir.int(rows))), rest, group);
    const { latch, next } = this.steps({ d, rows, from: lo }, { before, head: group, after: rest });
    ir.at(rest);
    const from = ir.counter(`rest${d}`);
    from.addIncoming(lo, before);
    from.addIncoming(next, latch);
    ir.branch(ir.less(from, hi), row, after);
    this.steps({ d, rows: 1, from }, { before: rest, head: row, after });
  }

  /** The loop over dimension d from `from` on, `rows` positions at a time; control is in `before`, and goes to `head`. */
  private steps(
    { d, rows, from }: { d: number; rows: number; from: Value },
    { before, head, after }: { before: Block; head: Block; after: Block },
  ): { latch: Block; next: Value } {
    const { ir, fn, spec } = this;
    const innermost = d === spec.dims - 1;
    const latch = innermost ? head : ir.block(`latch${d}`, fn);
    ir.at(head);
    const counter = ir.counter(`j${d}`);
    counter.addIncoming(from, before);
    this.counters[d] = counter;
    if (!innermost && rows > 1) this.together = rows;
    this.emitRows(rowsOf(spec, this.together), d);
    if (innermost) this.emitStores();
    else this.loop(d + 1, head, latch);
    if (!innermost && rows > 1) this.together = 1;
    ir.at(latch);
    const next = ir.add(counter, ir.int(rows));
    counter.addIncoming(next, latch);
    const last = rows > 1 ? ir.add(next, ir.int(rows - 1)) : next;
    ir.branch(ir.less(last, this.bound(d, 'hi')), head, after);
    return { latch, next };
  }

  /** The statements for each of the rows done together; what several of them read is loaded once. */
  private emitStores(): void {
    const { ir, spec } = this;
    const known = new Map<string, Value>();
    for (let row = 0; row < this.together; row++) {
      const loads = this.source(known, row);
      for (const { slot, index, value } of spec.stores) {
        const dtype = spec.slots[slot]?.dtype ?? 'f64';
        const result = emitExpr(ir, value, dtype, loads);
        const at = rowsOn(index, jamAxis(spec), row);
        ir.store(result, dtype, this.fn.getArg(slot), this.flat(slot, at));
        // A later statement of the group reads this point from the register.
        known.set(loadKey(slot, at), result);
      }
    }
  }

  private source(known: Map<string, Value>, row: number): Loads {
    return {
      load: (slot, index, dtype) => {
        const at = rowsOn(index, jamAxis(this.spec), row);
        const key = loadKey(slot, at);
        const loaded = known.get(key);
        if (loaded) return loaded;
        const value = this.ir.load(dtype, this.fn.getArg(slot), this.flat(slot, at));
        known.set(key, value);
        return value;
      },
      iota: (axis, a, constant) => {
        const base = this.constant(constant);
        const c = axis === jamAxis(this.spec) ? a * row : 0;
        return axis < 0 ? base : this.ir.add(this.position({ axis, a, c, biased: false }), base);
      },
      param: (index, dtype) => this.paramValues.get(`${index}:${dtype}`) ?? missing(`parameter ${index} as ${dtype}`),
    };
  }

  private flat(slot: number, index: readonly KernelIndex[]): Value {
    const last = index[index.length - 1];
    if (!last) return missing('an index');
    const row = this.rows.get(rowKey(slot, index));
    const x = this.position(last);
    return row ? this.ir.add(row, x) : x;
  }

  private emitRows(rows: readonly Row[], level: number): void {
    for (const row of rows) {
      if (row.level !== level) continue;
      const terms = row.index.slice(0, -1).map((one, d) => this.ir.mul(this.position(one), this.stride(row.slot, d)));
      const offset = terms.reduce((sum, term) => this.ir.add(sum, term));
      this.rows.set(row.key, offset);
    }
  }

  private position({ axis, a, c, biased }: KernelIndex): Value {
    const { ir } = this;
    if (axis < 0) return biased ? this.constant(c) : ir.int(c);
    const counter = this.counters[axis] ?? missing(`loop ${axis}`);
    const scaled = a === 1 ? counter : ir.mul(counter, ir.int(a));
    const moved = biased ? ir.add(scaled, this.bound(axis, 'bias')) : scaled;
    return c === 0 ? moved : ir.add(moved, ir.int(c));
  }

  private bound(d: number, which: 'lo' | 'hi' | 'bias'): Value {
    const place = which === 'lo' ? 0 : which === 'hi' ? 1 : 2;
    return this.fn.getArg(this.spec.slots.length + 1 + 3 * d + place);
  }

  private stride(slot: number, d: number): Value {
    return this.fn.getArg(this.spec.slots.length + 1 + 3 * this.spec.dims + stridesOf(this.spec, slot) + d);
  }

  private constant(c: number): Value {
    const { slots, dims } = this.spec;
    return this.fn.getArg(slots.length + 1 + 3 * dims + stridesOf(this.spec, slots.length) + c);
  }
}

/** Strides among the arguments before those of a slot. */
function stridesOf(spec: KernelSpec, slot: number): number {
  return spec.slots.slice(0, slot).reduce((sum, { ndim }) => sum + ndim - 1, 0);
}

function rowsOf(spec: KernelSpec, together: number): Row[] {
  const rows = new Map<string, Row>();
  eachIndex(spec, (slot, first) => {
    if (first.length < 2) return;
    for (let q = 0; q < together; q++) {
      const index = rowsOn(first, jamAxis(spec), q);
      const key = rowKey(slot, index);
      rows.set(key, { key, slot, index, level: Math.max(...index.slice(0, -1).map((one) => one.axis)) });
    }
  });
  return [...rows.values()];
}

function eachIndex(spec: KernelSpec, visit: (slot: number, index: readonly KernelIndex[]) => void): void {
  for (const store of spec.stores) {
    visit(store.slot, store.index);
    walk(store.value, (expr) => {
      if (expr.op === 'load') visit(expr.slot, expr.index);
    });
  }
}

type Expr = KernelSpec['stores'][number]['value'];

function walk(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  if (expr.op === 'unary') walk(expr.a, visit);
  else if (expr.op === 'binary') for (const side of [expr.a, expr.b]) walk(side, visit);
  else if (expr.op === 'where') for (const side of [expr.cond, expr.a, expr.b]) walk(side, visit);
}

/** Every parameter in every type the kernel knows: what is not used costs nothing after optimisation. */
function paramsOf(spec: KernelSpec): { index: number; dtype: DType }[] {
  const indices = new Set<number>();
  const types = new Set<DType>(['f64', 'f32', ...spec.slots.map((slot) => slot.dtype)]);
  for (const store of spec.stores) {
    walk(store.value, (expr) => {
      if (expr.op === 'param') indices.add(expr.index);
      types.add(concrete(expr.dtype));
      if (expr.op === 'binary') types.add(concrete(operandType(expr.fn, expr.a.dtype, expr.b.dtype)));
      if (expr.op === 'where' || (expr.op === 'unary' && expr.fn === 'not')) types.add('bool');
    });
  }
  return [...indices].flatMap((index) => [...types].map((dtype) => ({ index, dtype })));
}

function indexKey(index: readonly KernelIndex[]): string {
  return index.map((one) => `${one.axis},${one.a},${one.c},${one.biased ? 1 : 0}`).join(';');
}

function rowKey(slot: number, index: readonly KernelIndex[]): string {
  return `${slot}|${indexKey(index.slice(0, -1))}`;
}

function loadKey(slot: number, index: readonly KernelIndex[]): string {
  return `${slot}|${indexKey(index)}`;
}

function missing(what: string): never {
  throw new RangeError(`kernel specification lacks ${what}`);
}
