/** u[[0, -1], 1:]: an array and a subscript with one list of places in; a new array, or what writes into those places, out. */
import { stack } from '../../assemble.js';
import { Expr } from '../../expr.js';
import type { Slice as LibrarySlice } from '../../slice.js';
import { materialise, whole } from './arrays.js';
import { arrayOfNumbers } from './creation.js';
import type { PlainItem } from './indexing.js';
import { index } from './numbers.js';
import { pythonOf } from './numpy-numbers.js';
import { arePlaces, placesIn } from './places.js';
import type { SubscriptNode } from './syntax.js';
import { isArray, isNumber, Raised, Slice, typeName, type Value } from './values.js';

/** Does the program write a list where an index stands? */
export function hasList({ items }: SubscriptNode): boolean {
  return items.some((item) => item.kind === 'index' && (item.at.kind === 'list' || item.at.kind === 'comprehension'));
}

interface Places {
  /** The subscript of each place, in the order of the list. */
  readonly each: readonly (readonly LibrarySlice[])[];
  /** The dimension of the result that counts them. */
  readonly axis: number;
}

/** Are there places among the subscripts that this run gave? */
export function hasPlaces(items: readonly PlainItem[]): boolean {
  return items.some((item) => item.kind === 'index' && arePlaces(item.at));
}

function refused(): Raised {
  return new Raised('IndexError', 'lists of places, integers and slices are indices together, nothing else');
}

/** Lists side by side are walked together, as NumPy does; an integer beside them stands in every place. */
function placesOf(items: readonly PlainItem[]): Places {
  const lists = items.map((item) => (item.kind === 'index' ? placesIn(item.at) : undefined));
  const walks = lists.flatMap((list) => (list ? [list.length] : []));
  const count = walks.find((n) => n !== 1) ?? 1;
  if (walks.some((n) => n !== 1 && n !== count))
    throw new Raised('IndexError', 'shape mismatch: indexing arrays could not be broadcast together');
  const advanced = items.flatMap((item, d) => (lists[d] || (item.kind === 'index' && isWhole(item.at)) ? [d] : []));
  const [first = 0] = advanced;
  if (items.some(({ kind }) => kind === 'ellipsis')) throw refused();
  // NumPy puts the places first where slices stand between them.
  const together = advanced.every((d, k) => d === first + k);
  const each = Array.from({ length: count }, (_, k) =>
    items.map((one, d): LibrarySlice => {
      const list = lists[d];
      if (list) return Number(index((list.length === 1 ? list[0] : list[k]) ?? null));
      return one.kind === 'index' && isNumber(one.at) ? Number(index(one.at)) : sliceOf(one);
    }),
  );
  return { each, axis: together ? first : 0 };
}

function isWhole(at: Value): boolean {
  return isNumber(at) || (isArray(at) && at.shape.length === 0);
}

function sliceOf(item: PlainItem): LibrarySlice {
  const part = item.kind === 'index' && item.at instanceof Slice ? item.at : item;
  if ('kind' in part && part.kind === 'index' && part.at === null) return null;
  if (!('start' in part)) throw refused();
  const text = (value: Value): string => (value === null ? '' : index(value).toString());
  return `${text(part.start)}:${text(part.stop)}:${text(part.step)}`;
}

/** base[items], in an array of its own. */
export function gathered(base: Value, items: readonly PlainItem[]): Value {
  if (!isArray(base)) throw new Raised('TypeError', `'${typeName(base)}' indices must be integers or slices, not list`);
  const { each, axis } = placesOf(items);
  const from = whole(base);
  if (each.length === 0) throw new Raised('IndexError', 'an empty list of places is no index here');
  return stack(
    each.map((slices) => from.at(...slices)),
    axis,
  );
}

/** base[items] = value, place after place: of one that is there twice the last counts. */
export function scattered(base: Value, items: readonly PlainItem[], given: Value): void {
  if (!isArray(base)) throw new Raised('TypeError', `'${typeName(base)}' object does not support item assignment`);
  const { each, axis } = placesOf(items);
  const into = whole(base);
  // It may be a part of the array itself: read as a whole before anything is written.
  const value = isArray(given) ? materialise(given) : isNumber(given) ? Number(pythonOf(given)) : arrayOfNumbers(given);
  // All of it is looked at before anything is written.
  const places = each.map((slices) => into.at(...slices));
  const along = (place: Expr): number =>
    value instanceof Expr ? axis - (place.shape.length + 1 - value.shape.length) : -1;
  const dimension = places[0] ? along(places[0]) : axis;
  const count = value instanceof Expr ? (value.shape[dimension] ?? 1) : 1;
  if (count !== 1 && count !== places.length)
    throw new Raised('ValueError', `shape mismatch: ${count} values cannot be broadcast to ${places.length} places`);
  places.forEach((place, k) => {
    place.set(value instanceof Expr ? partOf(value, k, along(place)) : value);
  });
}

/** What of the value belongs to the k-th place: along its dimension `axis`, if it has that. */
function partOf(value: Expr, k: number, axis: number): Expr {
  if (axis < 0) return value;
  const before = Array.from({ length: axis }, (): LibrarySlice => ':');
  return value.at(...before, value.shape[axis] === 1 ? 0 : k);
}
