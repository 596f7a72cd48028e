/** Methods of lists and dicts: the value, the arguments of the call, and what calls a function among them in; a value out. */
import { Arguments, type Keywords } from './arguments.js';
import type { Caller } from './builtin.js';
import type { Steps } from './code.js';
import { repr } from './format.js';
import { entryOf } from './indexing.js';
import { iterate } from './iteration.js';
import { compare, equal, index, truth } from './numbers.js';
import { Dict, List, Raised, Tuple, type Value } from './values.js';
import { settled } from './world.js';

type MethodOf<T> = (self: T, args: readonly Value[], keywords: Keywords, call: Caller) => Value | Steps<Value>;

export const LIST_METHODS: Readonly<Record<string, MethodOf<List>>> = {
  append: (list, [value = null]) => {
    list.items.push(value);
    return null;
  },
  extend: (list, [value = null]) => {
    list.items.push(...iterate(value));
    return null;
  },
  insert: (list, [at = 0n, value = null]) => {
    list.items.splice(Number(index(at)), 0, value);
    return null;
  },
  pop: (list, [at = -1n]) => {
    const i = Number(index(at));
    const [gone] = list.items.splice(i < 0 ? i + list.items.length : i, 1);
    if (gone === undefined) throw new Raised('IndexError', 'pop index out of range');
    return gone;
  },
  remove: (list, [value = null]) => {
    const at = list.items.findIndex((item) => equal(item, value));
    if (at < 0) throw new Raised('ValueError', 'list.remove(x): x not in list');
    list.items.splice(at, 1);
    return null;
  },
  reverse: (list) => {
    list.items.reverse();
    return null;
  },
  *sort(list, args, keywords, call) {
    const given = new Arguments('sort', args, keywords, ['key', 'reverse']);
    list.items.splice(0, Infinity, ...(yield* sorted(list.items, given, call)));
    return null;
  },
  clear: (list) => {
    list.items.length = 0;
    return null;
  },
  copy: (list) => new List([...list.items]),
  index: (list, [value = null]) => {
    const at = list.items.findIndex((item) => equal(item, value));
    if (at < 0) throw new Raised('ValueError', `${repr(value)} is not in list`);
    return BigInt(at);
  },
  count: (list, [value = null]) => BigInt(list.items.filter((item) => equal(item, value)).length),
};

/** keys, values and items give lists: what the dict is then, not what becomes of it. */
export const DICT_METHODS: Readonly<Record<string, MethodOf<Dict>>> = {
  keys: (dict) => new List(dict.keys()),
  values: (dict) => new List(dict.values()),
  items: (dict) => new List(dict.entries().map((entry) => new Tuple(entry))),
  get: (dict, [key = null, otherwise = null]) => dict.get(key) ?? otherwise,
  pop: (dict, [key = null, otherwise]) => {
    const value = otherwise === undefined ? entryOf(dict, key) : (dict.get(key) ?? otherwise);
    dict.delete(key);
    return value;
  },
  setdefault: (dict, [key = null, value = null]) => {
    if (dict.get(key) === undefined) dict.set(key, value);
    return dict.get(key) ?? null;
  },
  update: (dict, [others], keywords) => {
    if (others !== undefined) for (const [key, value] of entriesOf(others)) dict.set(key, value);
    for (const [name, value] of keywords) dict.set(name, value);
    return null;
  },
  clear: (dict) => {
    dict.clear();
    return null;
  },
  copy: (dict) => new Dict(dict.entries()),
};

/** Of a dict, or of a sequence of pairs. */
export function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (value instanceof Dict) return value.entries();
  return [...iterate(value)].map((pair): [Value, Value] => {
    const [key, item, more] = [...iterate(pair)];
    if (key !== undefined && item !== undefined && more === undefined) return [key, item];
    throw new Raised('ValueError', 'dictionary update sequence element is not a pair');
  });
}

/** Values in order, equal ones as they came; key= and reverse= as Python has them. */
export function* sorted(values: Iterable<Value>, given: Arguments, call: Caller): Steps<Value[]> {
  const [key, reverse] = [given.get('key', null), truth(given.get('reverse', false))];
  const keyed: { item: Value; by: Value }[] = [];
  for (const item of values) keyed.push({ item, by: yield* settled(key === null ? item : yield* call(key, [item])) });
  const order = (a: Value, b: Value): number => (compare('<', a, b) ? -1 : compare('<', b, a) ? 1 : 0);
  keyed.sort((a, b) => (reverse ? order(b.by, a.by) : order(a.by, b.by)));
  return keyed.map(({ item }) => item);
}
