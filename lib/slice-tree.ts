/**
 * Slices of expressions: an expression and how its shape is walked in; the same expression of sliced leaves out. Nothing is computed that is not asked for.
 */
import type { Axis } from '../jit/program.js';
import { concrete } from '../jit/types.js';
import { dimsOf, plainWalk, shapeOfWalk, type Walk } from '../jit/view.js';
import { type Shape, sameShape } from './shape.js';
import { composeWalks, mod } from './slice.js';
import { astype, binary, internView, iota, loadOf, type Structure, unary, where } from './structure.js';
import type { Tree } from './tree.js';

/** How one leaf is walked, or undefined if it cannot be. */
type LeafSlice = (leaf: Leaf, walk: Walk) => Structure | undefined;
type Leaf = Extract<Structure, { op: 'load' | 'iota' }>;

/**
 * `whole[...]`. `seen` is told of every node, what became of it, and what it was sliced by.
 */
export function sliceTree(tree: Tree, by: Walk, seen?: (from: Tree, to: Tree, by: Walk) => void): Tree {
  return walk(tree, by, sliceLeaf, seen) ?? tree;
}

/** np.roll of an expression: its leaves rolled; undefined where one of them is part of an array (or is the index). */
export function rollTree(
  tree: Tree,
  dim: number,
  shift: number,
  seen?: (from: Tree, to: Tree, by: Walk) => void,
): Tree | undefined {
  const axes = tree.structure.shape.map((count, d): Axis => {
    const start = d === dim && count > 0 ? mod(-shift, count) : 0;
    return start === 0
      ? { kind: 'range', start: 0, step: 1, count }
      : { kind: 'range', start, step: 1, count, wrap: true };
  });
  return walk(tree, { axes }, rollLeaf, seen);
}

function walk(
  tree: Tree,
  by: Walk,
  leaf: LeafSlice,
  seen: ((from: Tree, to: Tree, by: Walk) => void) | undefined,
): Tree | undefined {
  const { structure } = tree;
  let made: Tree;
  switch (structure.op) {
    case 'param':
      return tree;
    case 'load':
    case 'iota': {
      const sliced = leaf(structure, by);
      if (!sliced) return undefined;
      made = { ...tree, structure: sliced };
      break;
    }
    case 'unary':
    case 'binary':
    case 'where': {
      const kids: Tree[] = [];
      for (const kid of tree.kids) {
        const one = walk(kid, walkFor(kid.structure.shape, structure.shape, by), leaf, seen);
        if (!one) return undefined;
        kids.push(one);
      }
      made = {
        ...tree,
        structure: rebuilt(
          structure,
          kids.map((kid) => kid.structure),
        ),
        kids,
      };
    }
  }
  seen?.(tree, made, by);
  return made;
}

function rollLeaf(leaf: Leaf, { axes }: Walk): Structure | undefined {
  const moved = axes.map((axis) => axis.kind === 'range' && axis.wrap === true);
  if (!moved.includes(true)) return leaf;
  if (leaf.op === 'iota') return undefined;
  const { meta, axes: outer } = leaf.view;
  const order = dimsOf(leaf.view);
  const rolled = outer.map((axis, d): Axis | undefined => {
    const by = axes[order.indexOf(d)];
    if (axis.kind === 'index' || by?.kind !== 'range' || !by.wrap) return axis;
    const n = meta.shape[d] ?? 0;
    if (axis.count !== n || axis.step !== 1 || axis.dyn !== undefined) return undefined;
    const start = mod(axis.start + by.start, n);
    return start === 0
      ? { kind: 'range', start, step: 1, count: n }
      : { kind: 'range', start, step: 1, count: n, wrap: true };
  });
  const known = rolled.filter((axis) => axis !== undefined);
  return known.length === rolled.length ? loadOf(internView(meta, plainWalk(known, order))) : undefined;
}

function sliceLeaf(leaf: Leaf, walk: Walk): Structure {
  if (leaf.op === 'load') {
    const { meta } = leaf.view;
    return loadOf(internView(meta, composeWalks(leaf.view, walk, meta.shape)));
  }
  const along = walk.axes[leaf.axis];
  const start = leaf.start + leaf.step * (along === undefined ? 0 : along.kind === 'index' ? along.at : along.start);
  const shape = shapeOfWalk(walk);
  const kept = dimsOf(walk).indexOf(leaf.axis);
  if (along?.kind === 'range') return iota(shape, kept, start, leaf.step * along.step, leaf.dtype);
  // The dimension it counts is gone: one number, which still is an array's.
  return iota(shape, 0, start, 0, leaf.dtype);
}

/** What walking a broadcast result means for an operand of shape `from`: where it has 1, it stays at 0. */
function walkFor(from: Shape, result: Shape, walk: Walk): Walk {
  const extra = result.length - from.length;
  if (extra === 0 && sameShape(from, result)) return walk;
  const axes = from.map((n, d): Axis => {
    const axis = walk.axes[d + extra];
    if (axis === undefined || n === result[d + extra]) return axis ?? { kind: 'index', at: 0 };
    return axis.kind === 'index' ? { kind: 'index', at: 0 } : { kind: 'range', start: 0, step: 1, count: 1 };
  });
  // Dimensions that the operand lacks are new ones of size 1; leading ones come by themselves.
  const dims = dimsOf(walk).map((r) => (r < extra ? -1 : r - extra));
  const first = dims.findIndex((d) => d >= 0);
  return plainWalk(axes, first < 0 ? [] : dims.slice(first));
}

function rebuilt(structure: Structure, kids: readonly Structure[]): Structure {
  const [a, b, c] = kids;
  if (structure.op === 'unary' && structure.fn === 'astype' && a) return astype(a, concrete(structure.dtype));
  if (structure.op === 'unary' && structure.fn !== 'astype' && a) return unary(structure.fn, a);
  if (structure.op === 'binary' && a && b) return binary(structure.fn, a, b);
  if (structure.op === 'where' && a && b && c) return where(a, b, c);
  return structure;
}
