/** Arguments of a call matched with the names a built-in function gives them, as Python does it. */
import type { DType } from '../../../jit/program.js';
import { dtypeOfNumpy } from '../../dtype.js';
import { index } from './numbers.js';
import { pythonOf } from './numpy-numbers.js';
import { Callable, isNumber, List, NumpyNumber, Raised, Tuple, typeName, type Value } from './values.js';

export type Keywords = ReadonlyMap<string, Value>;

export class Arguments {
  readonly #values = new Map<string, Value>();

  /** `names` in order; throws TypeError for what is too much, unknown or there twice. */
  constructor(
    readonly callee: string,
    args: readonly Value[],
    keywords: Keywords,
    names: readonly string[],
  ) {
    if (args.length > names.length) {
      throw new Raised('TypeError', `${callee}() takes at most ${names.length} arguments (${args.length} given)`);
    }
    args.forEach((value, i) => this.#values.set(names[i] ?? '', value));
    for (const [name, value] of keywords) {
      if (!names.includes(name))
        throw new Raised('TypeError', `${callee}() got an unexpected keyword argument '${name}'`);
      if (this.#values.has(name))
        throw new Raised('TypeError', `${callee}() got multiple values for argument '${name}'`);
      this.#values.set(name, value);
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value, `otherwise` if there is none; without that it must be there. */
  get(name: string, otherwise?: Value): Value {
    const value = this.#values.get(name) ?? otherwise;
    if (value !== undefined) return value;
    throw new Raised('TypeError', `${this.callee}() missing required argument '${name}'`);
  }

  integer(name: string, otherwise?: bigint): bigint {
    return index(this.get(name, otherwise));
  }

  number(name: string, otherwise?: number): number {
    const value = this.get(name, otherwise);
    if (isNumber(value)) return Number(pythonOf(value));
    throw new Raised('TypeError', `${this.callee}(): ${name} must be a number, not '${typeName(value)}'`);
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.get(name, otherwise);
    const python = value instanceof NumpyNumber ? value.value : value;
    if (typeof python === 'boolean') return python;
    throw new Raised('TypeError', `${this.callee}(): ${name} must be True or False, not '${typeName(value)}'`);
  }

  text(name: string, otherwise?: string): string {
    const value = this.get(name, otherwise);
    if (typeof value === 'string') return value;
    throw new Raised('TypeError', `${this.callee}(): ${name} must be a string, not '${typeName(value)}'`);
  }

  /** An int, or a tuple or list of them. */
  shape(name: string): number[] {
    const value = this.get(name);
    const items = value instanceof Tuple || value instanceof List ? value.items : [value];
    return items.map((item) => {
      const n = Number(index(item, `${this.callee}(): `));
      if (n < 0) throw new Raised('ValueError', 'negative dimensions are not allowed');
      return n;
    });
  }

  maybeDType(): DType | undefined {
    const value = this.get('dtype', null);
    return value === null ? undefined : dtypeOf(value);
  }

  dtype(otherwise: DType): DType {
    const value = this.get('dtype', null);
    return value === null ? otherwise : dtypeOf(value);
  }
}

/** The letters of NumPy's type codes. */
const CODES: Readonly<Record<string, DType>> = {
  f8: 'f64',
  f4: 'f32',
  i8: 'i64',
  i4: 'i32',
  d: 'f64',
  f: 'f32',
  '?': 'bool',
};

/** A dtype as programs write it: np.float64, float, 'float32', 'f8'. */
export function dtypeOf(value: Value): DType {
  const name = typeof value === 'string' ? value.replace(/^[<=]/, '') : value instanceof Callable ? value.path : '';
  const dtype = Object.hasOwn(CODES, name) ? CODES[name] : dtypeOfNumpy(name);
  if (dtype) return dtype;
  throw new Raised('TypeError', `${name === '' ? typeName(value) : name} is not a dtype that arrays have here`);
}

/** A dtype as the value of x.dtype. */
export function dtypeValue(dtype: string): Callable {
  const names: Record<string, string> = { f64: 'float64', f32: 'float32', i64: 'int64', i32: 'int32', bool: 'bool' };
  const name = names[dtype] ?? dtype;
  return new Callable(name, 'numpy', name);
}
