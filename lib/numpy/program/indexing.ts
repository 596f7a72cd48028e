/** Python's own sequences and subscripts of plain values in; an item, or a sequence of them, out. */

import { repr } from './format.js';
import { lengthOf } from './iteration.js';
import { index } from './numbers.js';
import type { SubscriptNode } from './syntax.js';
import { Dict, List, Raised, Range, Slice, Tuple, typeName, type Value } from './values.js';

export type PlainItem =
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'index'; readonly at: Value }
  | { readonly kind: 'slice'; readonly start: Value; readonly stop: Value; readonly step: Value };

/** The place of list[i] among its items. Raises IndexError, or TypeError for anything but one index. */
export function placeIn(list: List, [item, more]: readonly PlainItem[]): number {
  if (item?.kind !== 'index' || more) throw new Raised('TypeError', 'a slice of a list cannot be assigned to here');
  const i = Number(index(item.at));
  const place = i < 0 ? i + list.items.length : i;
  if (place < 0 || place >= list.items.length) throw new Raised('IndexError', 'list assignment index out of range');
  return place;
}

/** Is it one slice, list[a:b]? */
export function isSlice([item, more]: readonly PlainItem[]): boolean {
  return !more && (item?.kind === 'slice' || (item?.kind === 'index' && item.at instanceof Slice));
}

/** list[a:b:c] = items. Raises ValueError where a step is given and the numbers differ. */
export function replaceItems(list: List, [item]: readonly PlainItem[], items: readonly Value[]): void {
  const slice = item?.kind === 'index' ? item.at : item;
  if (!(slice && typeof slice === 'object' && 'start' in slice && 'stop' in slice)) return;
  const part = (value: Value): number | undefined => (value === null ? undefined : Number(index(value)));
  const step = part(slice instanceof Slice || !('length' in slice) ? slice.step : null) ?? 1;
  const places = slicePlaces(part(slice.start), part(slice.stop), step, list.items.length);
  if (step === 1) {
    const [low, high] = slicePlaces(part(slice.start), undefined, 1, list.items.length);
    const from = places[0] ?? low ?? (high === undefined ? list.items.length : 0);
    list.items.splice(from, places.length, ...items);
    return;
  }
  if (items.length === 0) {
    for (const place of [...places].sort((a, b) => b - a)) list.items.splice(place, 1);
    return;
  }
  if (places.length !== items.length)
    throw new Raised(
      'ValueError',
      `attempt to assign sequence of size ${items.length} to extended slice of size ${places.length}`,
    );
  places.forEach((place, k) => {
    list.items[place] = items[k] ?? null;
  });
}

export function unpackError(given: number, wanted: number): Raised {
  return given < wanted
    ? new Raised('ValueError', `not enough values to unpack (expected ${wanted}, got ${given})`)
    : new Raised('ValueError', `too many values to unpack (expected ${wanted})`);
}

/** base[items] where base is no array. */
export function element(base: Value, node: SubscriptNode, items: readonly PlainItem[]): Value {
  if (base instanceof Dict) return entryOf(base, keyOf(items, node));
  const [item, more] = items;
  if (!item || more || node.tuple)
    throw new Raised('TypeError', `'${typeName(base)}' indices must be integers or slices, not tuple`);
  if (item.kind === 'index' && item.at instanceof Slice) {
    const { start, stop, step } = item.at;
    return element(base, node, [{ kind: 'slice', start, stop, step }]);
  }
  if (item.kind === 'ellipsis') throw new Raised('TypeError', `'${typeName(base)}' indices must be integers or slices`);
  const length = sequenceLength(base);
  if (item.kind === 'index') {
    const i = Number(index(item.at));
    const at = i < 0 ? i + length : i;
    if (at < 0 || at >= length) throw new Raised('IndexError', `${typeName(base)} index out of range`);
    return itemAt(base, at);
  }
  const part = (value: Value): number | undefined => (value === null ? undefined : Number(index(value)));
  const places = slicePlaces(part(item.start), part(item.stop), part(item.step) ?? 1, length);
  if (base instanceof Tuple) return new Tuple(places.map((at) => itemAt(base, at)));
  if (typeof base === 'string') return places.map((at) => itemAt(base, at)).join('');
  return new List(places.map((at) => itemAt(base, at)));
}

/** The key that dict[items] names. */
export function keyOf(items: readonly PlainItem[], { tuple }: { readonly tuple: boolean }): Value {
  const keys = items.map((item) => {
    if (item.kind === 'index') return item.at;
    throw new Raised('TypeError', `unhashable type: '${item.kind}'`);
  });
  const [only = null] = keys;
  return tuple ? new Tuple(keys) : only;
}

export function entryOf(dict: Dict, key: Value): Value {
  const value = dict.get(key);
  if (value === undefined) throw new Raised('KeyError', repr(key));
  return value;
}

function sequenceLength(base: Value): number {
  if (base instanceof Tuple || base instanceof List || base instanceof Range || typeof base === 'string')
    return Number(lengthOf(base));
  throw new Raised('TypeError', `'${typeName(base)}' object is not subscriptable`);
}

function itemAt(base: Value, at: number): Value {
  if (base instanceof Tuple || base instanceof List) return base.items[at] ?? null;
  if (base instanceof Range) return base.start + BigInt(at) * base.step;
  return typeof base === 'string' ? ([...base][at] ?? '') : null;
}

/** CPython's PySlice_AdjustIndices. */
function slicePlaces(start: number | undefined, stop: number | undefined, step: number, n: number): number[] {
  if (step === 0) throw new Raised('ValueError', 'slice step cannot be zero');
  const [low, high] = step < 0 ? [-1, n - 1] : [0, n];
  const clamp = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const from = start === undefined ? (step < 0 ? high : low) : clamp(start);
  const to = stop === undefined ? (step < 0 ? low : high) : clamp(stop);
  const count = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, i) => from + i * step);
}
