/** Methods of strings: a string and arguments in, what CPython gives out. Their counts are checked: none is left unread. */
import type { Keywords } from './arguments.js';
import type { Steps } from './code.js';
import { formatFields, formatted, str } from './format.js';
import { iterate } from './iteration.js';
import { index } from './numbers.js';
import { List, Raised, Tuple, typeName, type Value } from './values.js';
import { shown } from './world.js';

export type TextMethod = (text: string, args: readonly Value[], keywords: Keywords) => Value | Steps<Value>;

/** A method of `least` to `most` arguments by position. */
function method(
  name: string,
  least: number,
  most: number,
  run: (text: string, args: readonly Value[]) => Value,
): [string, TextMethod] {
  return [
    name,
    (text, args, keywords) => {
      if (keywords.size > 0) throw new Raised('TypeError', `str.${name}() takes no keyword arguments here`);
      if (args.length < least || args.length > most) {
        const expected = least === most ? `exactly ${least}` : `${least} to ${most}`;
        throw new Raised('TypeError', `str.${name}() takes ${expected} arguments (${args.length} given)`);
      }
      return run(text, args);
    },
  ];
}

function textOf(name: string, value: Value): string {
  if (typeof value === 'string') return value;
  throw new Raised('TypeError', `${name} must be str, not ${typeName(value)}`);
}

const padded = (name: string, align: string) =>
  method(name, 1, 2, (text, [width = 0n, fill = ' ']) => formatted(text, `${str(fill)}${align}${index(width)}`));

/** Without the characters of `chars` (whitespace, if that is None) at its ends. */
const stripped = (name: string, left: boolean, right: boolean) =>
  method(name, 0, 1, (text, [chars = null]) => {
    const goes = (c: string | undefined): boolean =>
      c !== undefined && (chars === null ? /\s/.test(c) : textOf('strip arg', chars).includes(c));
    const all = [...text];
    let [from, to] = [0, all.length];
    while (left && from < to && goes(all[from])) from++;
    while (right && to > from && goes(all[to - 1])) to--;
    return all.slice(from, to).join('');
  });

const beginning = (name: string, test: (text: string, part: string) => boolean) =>
  method(name, 1, 1, (text, [parts = null]) =>
    (parts instanceof Tuple ? parts.items : [parts]).some((part) => test(text, textOf(`${name} first arg`, part))),
  );

/** At most `most` times, where that is not negative. */
function split(text: string, by: Value, most: number): string[] {
  const parts: string[] = [];
  const pattern = by === null ? /\s+/ : undefined;
  const separator = by === null ? '' : textOf('separator', by);
  if (!pattern && separator === '') throw new Raised('ValueError', 'empty separator');
  let rest = pattern ? text.trimStart() : text;
  while (most < 0 || parts.length < most) {
    const [at, length] = pattern
      ? [rest.search(pattern), pattern.exec(rest)?.[0].length ?? 0]
      : [rest.indexOf(separator), separator.length];
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + length);
  }
  return pattern && rest === '' ? parts : [...parts, rest];
}

function replaced(text: string, old: string, by: string, most: number): string {
  if (most < 0) return text.replaceAll(old, () => by);
  if (old === '') {
    const all = [...text];
    const parts = all.map((c, i) => (i < most ? by + c : c));
    return parts.join('') + (all.length < most ? by : '');
  }
  return split(text, old, most).join(by);
}

export const STRING_METHODS: Readonly<Record<string, TextMethod>> = {
  *format(text, args, keywords) {
    const { ready, texts } = yield* shown([...args, ...keywords.values()]);
    const named = new Map([...keywords.keys()].map((name, i) => [name, ready[args.length + i] ?? null]));
    return formatFields(text, ready.slice(0, args.length), named, texts);
  },
  ...Object.fromEntries([
    method('join', 1, 1, (text, [items = null]) => {
      const all = [...iterate(items)].map((item, i) => {
        if (typeof item === 'string') return item;
        throw new Raised('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
      });
      return all.join(text);
    }),
    method('upper', 0, 0, (text) => text.toUpperCase()),
    method('lower', 0, 0, (text) => text.toLowerCase()),
    stripped('strip', true, true),
    stripped('lstrip', true, false),
    stripped('rstrip', false, true),
    padded('ljust', '<'),
    padded('rjust', '>'),
    padded('center', '^'),
    method('zfill', 1, 1, (text, [width = 0n]) => {
      const sign = /^[+-]/.exec(text)?.[0] ?? '';
      return sign + text.slice(sign.length).padStart(Number(index(width)) - sign.length, '0');
    }),
    method('replace', 2, 3, (text, [old = null, by = null, most = -1n]) =>
      replaced(text, textOf('replace() argument 1', old), textOf('replace() argument 2', by), Number(index(most))),
    ),
    beginning('startswith', (text, part) => text.startsWith(part)),
    beginning('endswith', (text, part) => text.endsWith(part)),
    method('split', 0, 2, (text, [by = null, most = -1n]) => new List(split(text, by, Number(index(most))))),
  ]),
};
