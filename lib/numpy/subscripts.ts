/** Subscripts of a template in, views (also at positions that move with its values) and elements under a mask out. */
import type { Axis } from '../../jit/program.js';
import { dimsOf, type Walk } from '../../jit/view.js';
import type { Tree } from '../expr.js';
import { placeOfMask, twoConditions } from '../masked.js';
import type { Shape } from '../shape.js';
import { composeWalks, rangeOf, resolveSlices, type Subscript } from '../slice.js';
import { internView } from '../structure.js';
import type { Item, Node } from './ast.js';
import { checkMask, maskedBy } from './masks.js';
import { errorAt, textOf } from './source.js';
import type { ArrayValue, Evaluation, PlaceRecipe, Recipe, Value, ViewValue } from './value.js';

const WHOLE: Item = { kind: 'slice', start: undefined, stop: undefined, step: undefined };

export class Subscripts {
  constructor(
    private readonly on: Evaluation,
    /** Values that keep changing. */
    private readonly moving: ReadonlySet<number>,
  ) {}

  subscript({ a, items, from, to }: Extract<Node, { kind: 'subscript' }>): Value {
    const base = this.on.value(a);
    if (base.kind === 'number') {
      const message = `A slice of ${textOf(this.on.source, a)} is not translated.`;
      throw errorAt(this.on.source, { from, to }, 'UNSUPPORTED_PYTHON', message, { expected: 'slices of arrays' });
    }
    if (base.kind === 'masked') {
      throw errorAt(this.on.source, { from, to }, 'UNSUPPORTED_PYTHON', 'A slice of u[mask] is not translated.');
    }
    const masks = items.map((item) => this.mask(item));
    const at = masks.findIndex((mask) => mask !== undefined);
    const mask = masks[at];
    if (!mask) return this.plain(base, items);
    checkMask(mask);
    if (masks.some((other, k) => other && k !== at)) throw twoConditions();
    if (items.length === 1) return maskedBy(this.on, mask, base, 0);
    // What the condition stands for is taken whole; of that it chooses.
    const own = mask.structure.shape.map((): Item => WHOLE);
    const all = [...items.slice(0, at), ...own, ...items.slice(at + 1)];
    const walking = all.filter(({ kind }) => kind === 'index' || kind === 'slice').length;
    const before = items.slice(0, at).map((item) => this.item(item, false));
    const first = placeOfMask(before, shapeOf(base).length, walking);
    return maskedBy(this.on, mask, this.plain(base, all), first);
  }

  private plain(base: ArrayValue, items: readonly Item[]): ArrayValue {
    if (base.kind === 'view' && this.mayMove(base) && items.some((item) => this.moves(item))) {
      return this.movingSubscript(base, items);
    }
    return this.walked(
      base,
      resolveSlices(
        items.map((item) => this.item(item)),
        shapeOf(base),
      ),
    );
  }

  /** The array that an item of a subscript is, if it is one. */
  private mask(item: Item): Tree | undefined {
    if (item.kind !== 'index') return undefined;
    const value = this.on.value(item.at);
    return value.kind === 'number' || value.kind === 'masked' ? undefined : this.on.tree(value);
  }

  /** A view of an array, or of what an expression gives. */
  walked(base: ArrayValue, by: Walk): ArrayValue {
    if (base.kind === 'tree') return { kind: 'tree', tree: this.on.origins.sliced(base.tree, by) };
    const { meta } = base.view;
    return { ...base, view: internView(meta, composeWalks(base.view, by, meta.shape)) };
  }

  /** Of an interpolated view that moves itself, where it is comes with it. */
  private mayMove({ hole }: ViewValue): boolean {
    return this.on.values.isPlain(hole);
  }

  /** Does the item hold a value that keeps changing? */
  private moves(item: Item): boolean {
    return this.holes(item).some((hole) => this.moving.has(hole));
  }

  /** Values that the item's numbers depend on. */
  private holes(item: Item): readonly number[] {
    if (item.kind === 'ellipsis' || item.kind === 'newaxis') return [];
    const parts = item.kind === 'index' ? [item.at] : [item.start, item.stop, item.step];
    return parts.flatMap((part) => {
      const value = part && this.on.value(part);
      return value?.kind === 'number' ? value.holes : [];
    });
  }

  /** A subscript whose moving items are positions that come with each run, as long as they make axes of the same kind. */
  private movingSubscript(base: ViewValue, items: readonly Item[]): ViewValue {
    const { meta, axes, shape } = base.view;
    const order = dimsOf(base.view);
    const later = items.map((item) => (this.moves(item) ? this.later(item) : undefined));
    const now = items.map((item, k) => this.item(item, later[k] === undefined));
    const { axes: inner, dims } = resolveSlices(now, shape);
    const ellipsis = now.indexOf('...');
    // New axes stand among the items, but walk nothing.
    const walking = now.flatMap((one, k) => (one === 'newaxis' ? [] : [k]));
    const before = walking.filter((k) => ellipsis < 0 || k < ellipsis).length;
    const itemOf = (d: number): number =>
      walking[ellipsis < 0 || d < before ? d : Math.max(before, d - (shape.length - walking.length))] ?? -1;
    const places: number[] = [];
    let outerPlace = 0;
    const moved = inner.map((axis): Axis => axis);
    // In the order of the array's own dimensions, as runs bring positions.
    for (const [own, outer] of axes.entries()) {
      if (outer.dyn !== undefined) places.push(base.places[outerPlace++] ?? -1);
      if (outer.kind === 'index') continue;
      const d = order.indexOf(own);
      const axis = inner[d];
      const subscript = later[itemOf(d)];
      if (!axis || !subscript) continue;
      if (outer.dyn !== undefined || outer.wrap || (axis.kind === 'range' && axis.count === 0)) {
        const item = items[itemOf(d)];
        if (item) this.item(item); // a part of the structure after all
        continue;
      }
      moved[d] = axis.kind === 'index' ? { kind: 'index', at: 0, dyn: 0 } : { ...axis, start: 0, dyn: 0 };
      const [{ step }, n] = [outer, shape[d] ?? 0];
      const item = items[itemOf(d)];
      const recipe: PlaceRecipe = (numbers) => {
        const one = axisAt(subscript(numbers), n);
        if (one?.kind !== axis.kind) return undefined;
        if (one.kind === 'index') return step * one.at;
        const same = axis.kind === 'range' && one.count === axis.count && one.step === axis.step;
        return same ? step * one.start : undefined;
      };
      places.push(this.on.places.push({ recipe, holes: item ? this.holes(item) : [] }) - 1);
    }
    return { ...base, view: internView(meta, composeWalks(base.view, { axes: moved, dims }, meta.shape)), places };
  }

  /** An item as other values make it. */
  private later(item: Item): (numbers: readonly number[]) => Subscript {
    const part = (node: Node): Recipe => {
      const value = this.on.value(node);
      return value.kind === 'number' ? value.recipe : () => Number.NaN;
    };
    if (item.kind === 'ellipsis') return () => '...';
    if (item.kind === 'newaxis') return () => 'newaxis';
    if (item.kind === 'index') return part(item.at);
    const [start, stop, step] = [item.start, item.stop, item.step].map((node) => node && part(node));
    return (numbers) => ({ start: start?.(numbers), stop: stop?.(numbers), step: step?.(numbers) });
  }

  private item(item: Item, fixes = true): Subscript {
    switch (item.kind) {
      case 'ellipsis':
        return '...';
      case 'newaxis':
        return 'newaxis';
      case 'index':
        return this.on.whole(item.at, fixes);
      case 'slice':
        return {
          start: item.start && this.on.whole(item.start, fixes),
          stop: item.stop && this.on.whole(item.stop, fixes),
          step: item.step && this.on.whole(item.step, fixes),
        };
    }
  }
}

function shapeOf(base: ArrayValue): Shape {
  return base.kind === 'view' ? base.view.shape : base.tree.structure.shape;
}

/** The axis a subscript makes of n positions; undefined where it makes none: that is told when the text is lowered. */
function axisAt(subscript: Subscript, n: number): Axis | undefined {
  if (subscript === '...' || subscript === 'newaxis') return undefined;
  const parts = typeof subscript === 'number' ? [subscript] : [subscript.start, subscript.stop, subscript.step];
  if (parts.some((part) => part !== undefined && !Number.isSafeInteger(part))) return undefined;
  if (typeof subscript === 'number') {
    const at = subscript < 0 ? subscript + n : subscript;
    return at >= 0 && at < n ? { kind: 'index', at } : undefined;
  }
  return subscript.step === 0 ? undefined : rangeOf(subscript, n);
}
