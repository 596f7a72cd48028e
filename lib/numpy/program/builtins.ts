/** Python's built-in functions and the methods of its values. Values in, values out. */
import type { Expr } from '../../expr.js';
import { session } from '../../session.js';
import { print } from '../../spmd.js';
import { agreed } from './agreed.js';
import { Arguments, dtypeOf, type Keywords } from './arguments.js';
import { listOf, materialise, storageOf, whole } from './arrays.js';
import type { Builtin, Caller } from './builtin.js';
import { type Steps, wait } from './code.js';
import { DICT_METHODS, entriesOf, LIST_METHODS, sorted } from './collections.js';
import { formatted, repr, str } from './format.js';
import { iterate, lengthOf } from './iteration.js';
import { arithmetic, index, truth } from './numbers.js';
import { numpyNumber, pythonOf } from './numpy-numbers.js';
import { checkWrite } from './partners.js';
import { DRAW_NAMES, draw } from './random/random.js';
import { reshaped } from './reshaping.js';
import { extreme, rounded, roundedAsNumpy, toFloat, toInt } from './scalar-functions.js';
import { STRING_METHODS } from './text-methods.js';
import { isInstance, typeOf } from './types.js';
import {
  Callable,
  Dict,
  Generator,
  isArray,
  isNumber,
  List,
  NumpyNumber,
  Raised,
  Range,
  Slice,
  Tuple,
  typeName,
  type Value,
} from './values.js';
import { Exit, printable, settled, truthOf } from './world.js';

function all(name: string, args: readonly Value[]): Value[] {
  const [only, second] = args;
  if (only === undefined) throw new Raised('TypeError', `${name} expected at least 1 argument, got 0`);
  return second === undefined ? [...iterate(only)] : [...args];
}

/** min or max, with key= and default=. */
function* least(name: 'min' | 'max', args: readonly Value[], keywords: Keywords, call: Caller): Steps<Value> {
  const values: Value[] = [];
  for (const value of all(name, args)) values.push(yield* settled(value));
  const given = new Arguments(name, [], keywords, ['key', 'default']);
  const [key, otherwise] = [given.get('key', null), given.has('default') ? given.get('default') : undefined];
  if (values.length === 0 && otherwise !== undefined) return otherwise;
  if (key === null) {
    const ready: Value[] = [];
    for (const value of values) ready.push(yield* settled(value));
    return extreme(name, ready);
  }
  const by: Value[] = [];
  for (const value of values) by.push(yield* settled(yield* call(key, [value])));
  return values[by.indexOf(extreme(name, by))] ?? null;
}

const settles = true;
const walks = true;

export const BUILTINS: Readonly<Record<string, Builtin>> = {
  len: { run: ([value = null]) => lengthOf(value) },
  range: {
    settles,
    run: (args) => {
      const [a = 0n, b, c = 1n] = args.map((arg) => index(arg));
      if (c === 0n) throw new Raised('ValueError', 'range() arg 3 must not be zero');
      return b === undefined ? new Range(0n, a, 1n) : new Range(a, b, c);
    },
  },
  float: { settles, run: ([value = 0]) => toFloat(value) },
  int: { settles, run: ([value = 0n]) => toInt(value) },
  bool: { settles, run: ([value = false]) => truth(value) },
  str: {
    *run([value = '']) {
      return str(yield* printable(value));
    },
  },
  round: { settles, run: ([value = null, digits = null]) => rounded(value, digits) },
  list: { walks, run: ([value]) => new List(value === undefined ? [] : [...iterate(value)]) },
  tuple: { walks, run: ([value]) => new Tuple(value === undefined ? [] : [...iterate(value)]) },
  enumerate: {
    walks,
    run: (args, keywords) => {
      const given = new Arguments('enumerate', args, keywords, ['iterable', 'start']);
      const start = given.integer('start', 0n);
      return new List([...iterate(given.get('iterable'))].map((item, i) => new Tuple([start + BigInt(i), item])));
    },
  },
  zip: {
    walks,
    run: (args) => {
      const columns = args.map((arg) => [...iterate(arg)]);
      const length = Math.min(...columns.map((column) => column.length));
      const row = (i: number): Tuple => new Tuple(columns.map((column) => column[i] ?? null));
      return new List(Array.from({ length: Number.isFinite(length) ? length : 0 }, (_, i) => row(i)));
    },
  },
  reversed: { walks, run: ([value = null]) => new List([...iterate(value)].reverse()) },
  min: { settles, walks, run: (args, keywords, call) => least('min', args, keywords, call) },
  max: { settles, walks, run: (args, keywords, call) => least('max', args, keywords, call) },
  sorted: {
    settles,
    walks,
    *run([values = null], keywords, call) {
      const given = new Arguments('sorted', [], keywords, ['key', 'reverse']);
      return new List(yield* sorted(iterate(values), given, call));
    },
  },
  map: {
    walks,
    *run([fn = null, ...columns], _, call) {
      const walked = columns.map((column) => [...iterate(column)]);
      const items: Value[] = [];
      for (let i = 0; walked.length > 0 && walked.every((column) => i < column.length); i++)
        items.push(
          yield* call(
            fn,
            walked.map((column) => column[i] ?? null),
          ),
        );
      return new List(items);
    },
  },
  filter: {
    walks,
    *run([fn = null, values = null], _, call) {
      const items: Value[] = [];
      for (const item of iterate(values))
        if (yield* truthOf(fn === null ? item : yield* call(fn, [item]))) items.push(item);
      return new List(items);
    },
  },
  slice: {
    settles,
    run: ([a = null, b, c = null]) => (b === undefined ? new Slice(null, a, null) : new Slice(a, b, c)),
  },
  dict: {
    run: ([given], keywords) => new Dict([...(given === undefined ? [] : entriesOf(given)), ...keywords]),
  },
  isinstance: { run: ([value = null, types = null]) => isInstance(value, types) },
  type: { run: ([value = null]) => typeOf(value) },
  callable: { run: ([value = null]) => value instanceof Callable },
  sum: {
    settles,
    run: ([value = null, start = 0n]) =>
      [...iterate(value)].reduce((total, item) => arithmetic('+', total, item), start),
  },
  any: {
    walks,
    *run([values = null]) {
      for (const value of iterate(values)) if (yield* truthOf(value)) return true;
      return false;
    },
  },
  all: {
    walks,
    *run([values = null]) {
      for (const value of iterate(values)) if (!(yield* truthOf(value))) return false;
      return true;
    },
  },
  divmod: { settles, run: ([a = null, b = null]) => new Tuple([arithmetic('//', a, b), arithmetic('%', a, b)]) },
  pow: { settles, run: ([a = null, b = null]) => arithmetic('**', a, b) },
  repr: {
    *run([value = null]) {
      return repr(yield* settled(value));
    },
  },
  format: { settles, run: ([value = null, spec = '']) => formatted(value, str(spec)) },
  print: {
    *run(args, keywords) {
      const given = new Arguments('print', [], keywords, ['sep', 'end', 'flush', 'file']);
      const texts: string[] = [];
      for (const arg of args) texts.push(str(yield* printable(arg)));
      const text = texts.join(given.text('sep', ' ')) + given.text('end', '\n');
      write(text);
      return null;
    },
  },
};

let unfinished = '';

/** Whole lines at a time: print adds a line's end. */
function write(text: string): void {
  const lines = (unfinished + text).split('\n');
  unfinished = lines.pop() ?? '';
  if (lines.length > 0) print(lines.join('\n'));
}

/** What `end=''` left. */
export function flushPrinted(): void {
  if (unfinished !== '') print(unfinished);
  unfinished = '';
}

/**
 * Seconds, after everything recorded so far has run: what lies between two calls is what it took. On every rank the
 * same, since the program may do one thing or another by it.
 */
const seconds: Builtin = {
  *run() {
    yield* wait(session.running ? session.sync() : Promise.resolve());
    return yield* agreed(performance.now() / 1000);
  },
};

/** Seconds since 1970, likewise. */
const today: Builtin = {
  *run() {
    yield* wait(session.running ? session.sync() : Promise.resolve());
    return yield* agreed(Date.now() / 1000);
  },
};

const nanoseconds: Builtin = {
  *run() {
    yield* wait(session.running ? session.sync() : Promise.resolve());
    return BigInt(Math.round((yield* agreed(performance.now())) * 1e6));
  },
};

export const TIME_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  time: today,
  perf_counter: seconds,
  process_time: seconds,
  perf_counter_ns: nanoseconds,
  monotonic: seconds,
  sleep: { run: () => null },
};

export const SYS_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  exit: {
    settles,
    run: ([status = null]) => {
      if (typeof status === 'string') print(status);
      throw new Exit(status === null ? 0 : typeof status === 'string' ? 1 : Number(index(status)));
    },
  },
};

type Method = (self: Value, args: readonly Value[], keywords: Keywords, call: Caller) => Value | Steps<Value>;

/** Methods of arrays that are not functions of NumPy applied to them. */
const ARRAY_METHODS: Readonly<
  Record<string, (array: Expr, args: readonly Value[], keywords: Keywords) => Value | Steps<Value>>
> = {
  ...Object.fromEntries(
    ['reshape', 'ravel', 'flatten', 'squeeze'].map((name) => [
      name,
      (array: Expr, args: readonly Value[], keywords: Keywords) => reshaped(name, array, args, keywords),
    ]),
  ),
  *tolist(array) {
    return yield* listOf(array);
  },
  copy: (array) => materialise(array),
  fill: (array, [value = null]) => {
    if (!isNumber(value)) throw new Raised('TypeError', `fill() takes a number, not '${typeName(value)}'`);
    checkWrite(storageOf(array));
    whole(array).set(Number(pythonOf(value)));
    return null;
  },
  astype: (array, [dtype = null]) => array.astype(dtypeOf(dtype)),
};

/** Methods of a number of NumPy's. */
const NUMBER_METHODS: Readonly<Record<string, (self: NumpyNumber, args: readonly Value[]) => Value>> = {
  item: (self) => self.value,
  tolist: (self) => self.value,
  copy: (self) => self,
  astype: (self, [dtype = null]) => numpyNumber(self.value, dtypeOf(dtype)),
  round: (self, [digits = 0n]) => roundedAsNumpy(self, Number(index(digits))),
};

export const METHOD_NAMES: readonly string[] = [
  ...Object.keys(LIST_METHODS),
  ...Object.keys(DICT_METHODS),
  ...Object.keys(STRING_METHODS),
  ...Object.keys(ARRAY_METHODS),
  ...DRAW_NAMES,
  'seed',
  'item',
];

/** The method `name` of `self`, or undefined: then it may be a function of NumPy. */
export function methodOf(self: Value, name: string): Method | undefined {
  const own = <T>(table: Readonly<Record<string, T>>): T | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  if (self instanceof List) {
    const method = own(LIST_METHODS);
    return method && ((_, ...given) => method(self, ...given));
  }
  if (self instanceof Dict) {
    const method = own(DICT_METHODS);
    return method && ((_, ...given) => method(self, ...given));
  }
  if (self instanceof Generator) return (_, args, keywords) => draw(self, name, args, keywords);
  if (typeof self === 'string') {
    const method = own(STRING_METHODS);
    return method && ((_, args, keywords) => method(self, args, keywords));
  }
  if (self instanceof NumpyNumber) {
    const method = own(NUMBER_METHODS);
    return method && ((_, args) => method(self, args));
  }
  if (isArray(self)) {
    const method = own(ARRAY_METHODS);
    return method && ((_, args, keywords) => method(self, args, keywords));
  }
  return undefined;
}
