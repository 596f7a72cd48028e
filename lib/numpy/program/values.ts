/**
 * What a program's names stand for. Python's float is a number, its int a bigint, None is null; an array is an Expr
 * (a Field, a View, or an expression that has not been stored), so that what the library gives needs no wrapping.
 */
import type { DType } from '../../../jit/program.js';
import { Expr } from '../../expr.js';
import type { BitGenerator } from './random/bits.js';

export type Scalar = bigint | number | boolean;

export type Value =
  | Scalar
  | NumpyNumber
  | string
  | null
  | Expr
  | Tuple
  | List
  | Dict
  | Range
  | Callable
  | Generator
  | Slice
  | Instance;

/** np.float64, np.float32, np.int64, np.int32, np.bool_: what the engine gave, and what np functions make of numbers. */
export class NumpyNumber {
  constructor(
    readonly dtype: DType,
    /** A number of floats, already rounded; a bigint of integers, within their range. */
    readonly value: Scalar,
  ) {}
}

export class Tuple {
  constructor(readonly items: readonly Value[]) {}
}

export class List {
  constructor(readonly items: Value[]) {}
}

/** In the order in which its keys came. */
export class Dict {
  /** By what keys have in common that are equal: 1, 1.0 and True. */
  readonly #entries = new Map<string, [key: Value, value: Value]>();

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(hashOf(key))?.[1];
  }

  set(key: Value, value: Value): void {
    const hash = hashOf(key);
    const known = this.#entries.get(hash);
    if (known) known[1] = value;
    else this.#entries.set(hash, [key, value]);
  }

  delete(key: Value): boolean {
    return this.#entries.delete(hashOf(key));
  }

  clear(): void {
    this.#entries.clear();
  }

  entries(): readonly (readonly [Value, Value])[] {
    return [...this.#entries.values()];
  }

  keys(): Value[] {
    return this.entries().map(([key]) => key);
  }

  values(): Value[] {
    return this.entries().map(([, value]) => value);
  }
}

/** What np.load gives of an .npz file: its arrays by name. */
export class Archive extends Dict {}

/** The same text for keys that Python finds equal. Raises TypeError for what can be no key. */
function hashOf(key: Value): string {
  switch (typeof key) {
    case 'string':
      return `s${key}`;
    case 'bigint':
      return `n${key}`;
    case 'boolean':
      return `n${Number(key)}`;
    case 'number':
      return `n${Number.isInteger(key) ? BigInt(key) : key}`;
    default:
      if (key instanceof NumpyNumber) return hashOf(key.value);
      if (key === null) return 'None';
      if (key instanceof Tuple) return `(${key.items.map((item) => JSON.stringify(hashOf(item))).join()})`;
      if (key instanceof Callable) return `f${key.from} ${key.path}`;
      throw new Raised('TypeError', `unhashable type: '${typeName(key)}'`);
  }
}

export class Range {
  constructor(
    readonly start: bigint,
    readonly stop: bigint,
    readonly step: bigint,
  ) {}

  get length(): number {
    const { start, stop, step } = this;
    const span = step > 0n ? stop - start : start - stop;
    if (span <= 0n) return 0;
    const by = step > 0n ? step : -step;
    return Number((span + by - 1n) / by);
  }

  values(): bigint[] {
    return Array.from({ length: this.length }, (_, i) => this.start + BigInt(i) * this.step);
  }
}

/** A function, or the name of a type: what can be called or stand for a dtype. */
export class Callable {
  constructor(
    /** As the program would write it: 'np.sin', 'float', 'solve'. */
    readonly name: string,
    /** 'user': of the program; otherwise where it comes from. */
    readonly from: 'user' | 'builtins' | 'numpy' | 'math' | 'time' | 'sys',
    /** Without the module: 'sin', 'linalg.norm'. */
    readonly path: string,
  ) {}
}

/** A class of the program. */
export class Class extends Callable {
  /** Methods, and what all objects have. */
  readonly members = new Map<string, Value>();

  constructor(
    name: string,
    readonly base: Class | undefined,
  ) {
    super(name, 'user', name);
  }

  member(name: string): Value | undefined {
    return this.members.get(name) ?? this.base?.member(name);
  }

  /** Is it `other`, or made of it? */
  is(other: Class): boolean {
    return this === other || (this.base?.is(other) ?? false);
  }
}

/** An object of a class of the program. */
export class Instance {
  readonly attributes = new Map<string, Value>();

  constructor(readonly of: Class) {}
}

/** object.method, as a value. */
export class BoundMethod extends Callable {
  constructor(
    readonly self: Instance,
    readonly fn: Callable,
  ) {
    super(fn.name, 'user', fn.path);
  }
}

/** What object.name gives. */
export function memberOf(value: Value, name: string): Value | undefined {
  if (value instanceof Class) return value.member(name);
  if (!(value instanceof Instance)) return undefined;
  const own = value.attributes.get(name);
  if (own !== undefined) return own;
  const member = value.of.member(name);
  return member instanceof Callable && member.from === 'user' && !(member instanceof Class)
    ? new BoundMethod(value, member)
    : member;
}

/** slice(start, stop, step): what stands between the brackets, as a value. */
export class Slice {
  constructor(
    readonly start: Value,
    readonly stop: Value,
    readonly step: Value,
  ) {}
}

/** What random numbers are drawn from. */
export class Generator {
  constructor(
    readonly kind: 'RandomState' | 'Generator',
    /** seed() begins anew. */
    public bits: BitGenerator,
    /** 0 to `most`, as this kind makes it of bits. */
    readonly below: (bits: BitGenerator, most: number) => number,
  ) {}
}

/** An exception of Python's, on its way to the statement that knows its line. */
export class Raised extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export function isArray(value: Value): value is Expr {
  return value instanceof Expr;
}

export function isScalar(value: Value): value is Scalar {
  const type = typeof value;
  return type === 'bigint' || type === 'number' || type === 'boolean';
}

/** A number of Python's or of NumPy's. */
export function isNumber(value: Value): value is Scalar | NumpyNumber {
  return isScalar(value) || value instanceof NumpyNumber;
}

/** What NumPy calls its types of numbers. */
export const NUMPY_NAMES: Readonly<Record<DType, string>> = {
  f64: 'float64',
  f32: 'float32',
  i64: 'int64',
  i32: 'int32',
  bool: 'bool_',
};

/** The name of its type, as Python's messages have it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'str';
    default:
      if (value === null) return 'NoneType';
      if (value instanceof NumpyNumber) return `numpy.${NUMPY_NAMES[value.dtype]}`;
      if (value instanceof Tuple) return 'tuple';
      if (value instanceof List) return 'list';
      if (value instanceof Dict) return 'dict';
      if (value instanceof Range) return 'range';
      if (value instanceof Slice) return 'slice';
      if (value instanceof Instance) return value.of.name;
      if (value instanceof Generator) return `numpy.random.${value.kind}`;
      return value instanceof Callable ? 'function' : 'numpy.ndarray';
  }
}
