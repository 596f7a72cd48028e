/** str, repr, format specifications and %-formatting: values in, text out, as CPython writes it. */
import { dtypeOfNumpy } from '../../dtype.js';
import { fixed, general, reprFloat, scientific } from './decimal.js';
import { pythonOf } from './numpy-numbers.js';
import { toInt } from './scalar-functions.js';
import {
  Callable,
  Dict,
  Instance,
  isNumber,
  isScalar,
  List,
  NumpyNumber,
  Raised,
  Range,
  type Scalar,
  Slice,
  Tuple,
  typeName,
  type Value,
} from './values.js';

export function str(value: Value): string {
  if (typeof value === 'string') return value;
  return value instanceof Callable && isDType(value) ? value.path : repr(value);
}

/** Is it what x.dtype gives? np.float64 itself is a type, and is shown as one. */
function isDType({ name, from, path }: Callable): boolean {
  return from === 'numpy' && name === path && dtypeOfNumpy(path) !== undefined;
}

export function repr(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return reprFloat(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'string':
      return quoted(value);
    default:
      if (value instanceof NumpyNumber)
        return value.dtype === 'f32' ? reprFloat(Number(value.value), true) : repr(value.value);
      if (value === null) return 'None';
      if (value instanceof Tuple) {
        const [only] = value.items;
        return value.items.length === 1 && only !== undefined
          ? `(${repr(only)},)`
          : `(${value.items.map(repr).join(', ')})`;
      }
      if (value instanceof Dict)
        return `{${value
          .entries()
          .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
          .join(', ')}}`;
      if (value instanceof List) return `[${value.items.map(repr).join(', ')}]`;
      if (value instanceof Range) {
        return `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`;
      }
      if (value instanceof Instance) throw new Raised('TypeError', `an object of ${value.of.name} is not printed here`);
      if (value instanceof Callable) return callable(value);
      if (value instanceof Slice) return `slice(${repr(value.start)}, ${repr(value.stop)}, ${repr(value.step)})`;
      throw new Raised('TypeError', 'arrays within lists, and their repr, are not printed; print them one by one');
  }
}

const BUILTIN_TYPES = new Set([
  ...['int', 'float', 'bool', 'str', 'list', 'tuple', 'dict', 'range', 'slice', 'function', 'NoneType'],
]);

function callable(value: Callable): string {
  if (isDType(value)) return `dtype('${value.path}')`;
  if (value.from === 'numpy' && dtypeOfNumpy(value.path)) return `<class 'numpy.${value.path}'>`;
  if (value.from === 'builtins' && BUILTIN_TYPES.has(value.path)) return `<class '${value.path}'>`;
  return `<function ${value.name}>`;
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes: Record<string, string> = {
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    [quote]: `\\${quote}`,
  };
  return quote + text.replace(/[\\\n\r\t'"]/g, (c) => escapes[c] ?? c) + quote;
}

interface Spec {
  readonly fill: string;
  readonly align: '<' | '>' | '^' | '=' | undefined;
  readonly sign: '+' | '-' | ' ';
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: '' | ',' | '_';
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:([\s\S])?([<>^=]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

function parseSpec(text: string): Spec {
  const match = SPEC.exec(text);
  if (!match) throw new Raised('ValueError', `Invalid format specifier '${text}'`);
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type = ''] = match;
  const given = align === '<' || align === '>' || align === '^' || align === '=' ? align : undefined;
  return {
    fill: fill ?? (zero && !given ? '0' : ' '),
    align: given ?? (zero ? '=' : undefined),
    sign: sign === '+' || sign === ' ' ? sign : '-',
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping === ',' || grouping === '_' ? grouping : '',
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** format(value, text). */
export function formatted(given: Value, text: string): string {
  const value = given instanceof NumpyNumber ? given.value : given; // float32 as the double it is
  if (text === '') return str(value);
  const spec = parseSpec(text);
  if (isScalar(value) && !(typeof value === 'boolean' && spec.type === '')) return pad(number(value, spec), spec, '>');
  if (typeof value === 'string' || typeof value === 'boolean') {
    if (spec.type !== '' && spec.type !== 's') throw unknownCode(spec.type, value);
    const shown = str(value);
    return pad(['', spec.precision === undefined ? shown : shown.slice(0, spec.precision)], spec, '<');
  }
  throw new Raised('TypeError', `unsupported format string passed to ${typeName(given)}.__format__`);
}

function unknownCode(type: string, value: Value): Raised {
  return new Raised('ValueError', `Unknown format code '${type}' for object of type '${typeName(value)}'`);
}

/** Sign and digits. */
function number(value: Scalar, spec: Spec): [sign: string, digits: string] {
  const { type, grouping } = spec;
  if (typeof value === 'number' || /^[eEfFgG%]$/.test(type)) {
    const x = Number(value);
    const negative = x < 0 || Object.is(x, -0);
    const digits = floatDigits(x, spec);
    return [negative ? '-' : spec.sign === '-' ? '' : spec.sign, grouped(digits, grouping)];
  }
  const n = BigInt(value);
  const size = n < 0n ? -n : n;
  const sign = n < 0n ? '-' : spec.sign === '-' ? '' : spec.sign;
  const bases: Record<string, readonly [number, string]> = { x: [16, '0x'], X: [16, '0X'], o: [8, '0o'], b: [2, '0b'] };
  const base = bases[type];
  if (base) {
    const digits = size.toString(base[0]);
    return [sign + (spec.alternate ? base[1] : ''), type === 'X' ? digits.toUpperCase() : digits];
  }
  if (type === 'c') return ['', String.fromCodePoint(Number(n))];
  if (type !== '' && type !== 'd' && type !== 'n') throw unknownCode(type, value);
  return [sign, grouped(size.toString(), grouping)];
}

function floatDigits(x: number, { type, precision, alternate }: Spec): string {
  if (!Number.isFinite(type === '%' ? x * 100 : x)) {
    const word = Number.isNaN(x) ? 'nan' : 'inf';
    return type === 'F' || type === 'E' || type === 'G' ? word.toUpperCase() : type === '%' ? `${word}%` : word;
  }
  switch (type) {
    case 'f':
    case 'F':
      return fixed(x, precision ?? 6);
    case 'e':
    case 'E':
      return scientific(x, precision ?? 6, type);
    case 'g':
    case 'G':
    case 'n':
      return general(x, precision ?? 6, type === 'G' ? 'E' : 'e', alternate);
    case '%':
      return `${fixed(x * 100, precision ?? 6)}%`;
    case '':
      return precision === undefined ? reprFloat(Math.abs(x)) : general(x, precision, 'e', false, true);
    default:
      throw unknownCode(type, x);
  }
}

function grouped(digits: string, by: string): string {
  if (by === '') return digits;
  const [whole = '', ...rest] = digits.split(/(?=[.e%])/);
  return whole.replace(/\B(?=(\d{3})+$)/g, by) + rest.join('');
}

function pad([sign, digits]: readonly [string, string], { fill, align, width }: Spec, standard: '<' | '>'): string {
  const missing = width - [...sign, ...digits].length;
  if (missing <= 0) return sign + digits;
  switch (align ?? standard) {
    case '<':
      return sign + digits + fill.repeat(missing);
    case '>':
      return fill.repeat(missing) + sign + digits;
    case '=':
      return sign + fill.repeat(missing) + digits;
    case '^':
      return fill.repeat(Math.floor(missing / 2)) + sign + digits + fill.repeat(Math.ceil(missing / 2));
  }
}

/** Arrays as the text they are shown as; other values as str() has them. */
export type ArrayTexts = ReadonlyMap<Value, string>;

const NO_ARRAYS: ArrayTexts = new Map();

/** text % values. */
export function percent(text: string, values: Value, arrays = NO_ARRAYS): string {
  const items = values instanceof Tuple ? values.items : [values];
  let next = 0;
  const take = (): Value => {
    const value = items[next++];
    if (value === undefined) throw new Raised('TypeError', 'not enough arguments for format string');
    return value;
  };
  const result = text.replace(/%([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?[hlL]?(.)/g, (_, flags, width, precision, type) => {
    if (type === '%') return '%';
    const w = width === '*' ? String(take()) : (width ?? '');
    const p = precision === '*' ? String(take()) : precision;
    const value = take();
    const left = flags.includes('-');
    if (type === 's' || type === 'r') {
      const shown = type === 'r' ? repr(value) : (arrays.get(value) ?? str(value));
      return formatted(p === undefined ? shown : shown.slice(0, Number(p)), `${left ? '<' : '>'}${w}`);
    }
    const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    const zero = flags.includes('0') && !left ? '0' : '';
    if (type === 'c' && typeof value === 'string' && [...value].length === 1)
      return formatted(value, `${left ? '<' : '>'}${w}`);
    if (!isNumber(value))
      throw new Raised('TypeError', `%${type} format: a real number is required, not ${typeName(value)}`);
    const whole = type === 'i' || type === 'u' || type === 'd';
    const shown = whole ? toInt(value) : pythonOf(value);
    const mark = flags.includes('#') ? '#' : '';
    const tail = whole ? 'd' : p === undefined ? type : `.${p}${type}`;
    return formatted(
      typeof shown === 'boolean' ? BigInt(shown) : shown,
      `${left ? '<' : ''}${sign}${mark}${zero}${w}${tail}`,
    );
  });
  if (next < items.length && values instanceof Tuple) {
    throw new Raised('TypeError', 'not all arguments converted during string formatting');
  }
  return result;
}

/** text.format(values). */
export function formatFields(
  text: string,
  values: readonly Value[],
  named: ReadonlyMap<string, Value>,
  arrays = NO_ARRAYS,
): string {
  let next = 0;
  return text.replace(
    /\{\{|\}\}|\{(\w*)(?:!([rs]))?(?::((?:[^{}]|\{\w*\})*))?\}|[{}]/g,
    (whole, name, how, spec = '') => {
      if (whole === '{{') return '{';
      if (whole === '}}') return '}';
      if (name === undefined) throw new Raised('ValueError', `Single '${whole}' encountered in format string`);
      const field = (key: string): Value => {
        const value = key === '' ? values[next++] : /^\d+$/.test(key) ? values[Number(key)] : named.get(key);
        if (value === undefined)
          throw new Raised('IndexError', 'a replacement field of the format string has no value');
        return value;
      };
      const value = field(name);
      const text = how === 's' || spec === '' ? arrays.get(value) : undefined;
      const shown = text ?? (how === 'r' ? repr(value) : how === 's' ? str(value) : value);
      return formatted(
        shown,
        String(spec).replace(/\{(\w*)\}/g, (_, key: string) => str(field(key))),
      );
    },
  );
}
