/** Parts in, the part that is made of them out: calls, items of subscripts, constants. */
import { QuadrilleError } from '../../errors.js';
import type { Item, Keyword, Node } from '../ast.js';
import { REDUCTIONS } from '../functions.js';
import type { PlainItem } from './indexing.js';
import { absolute } from './numbers.js';
import type { Part } from './region.js';
import { extreme, numpyOfNumbers } from './scalar-functions.js';
import { type CallNode, type Expression, type Subscript, span } from './syntax.js';
import { Raised, type Value } from './values.js';

interface SubscriptPart {
  readonly parts: readonly Part[];
  readonly read: (values: readonly Value[]) => PlainItem;
  /** One item, or those of a tuple. */
  readonly text: (of: (part: Part) => Node) => readonly Item[];
}

/** A call of `path` with these operands. */
export function callPart(path: string, parts: readonly Part[], node: CallNode, builtin = false): Part {
  const self = parts.length - node.args.length - node.keywords.length;
  const positional = parts.slice(0, self + node.args.length);
  const named = node.keywords.map(({ name }, i) => ({ name, part: parts[self + node.args.length + i] }));
  const name = path.replace(/^linalg\./, '');
  const computed = builtin ? [] : positional.slice(0, operandCount(path));
  const direct = computed.flatMap(({ leaf }) => (leaf === undefined ? [] : [leaf]));
  return {
    ...inner(node, parts),
    operands: operandsOf(computed),
    forced: [...new Set([...direct, ...parts.flatMap(({ forced }) => forced ?? [])])],
    plain: (values) => {
      const args = positional.map((part) => part.plain(values));
      if (builtin && (path === 'min' || path === 'max')) return extreme(path, args);
      if (builtin) return absolute(args[0] ?? null);
      if (named.length > 0) throw new Raised('TypeError', `np.${path} of plain numbers takes no ${named[0]?.name}=`);
      return numpyOfNumbers(path, args);
    },
    node: (of) => ({
      kind: 'call',
      name,
      prefixed: !builtin,
      args: positional.map(of),
      keywords: named.flatMap(({ name: keyword, part }): Keyword[] =>
        part && keyword !== undefined ? [{ name: keyword, value: of(part), ...part.span }] : [],
      ),
      ...span(node),
    }),
  };
}

/** The leaves among parts that are computed with, and those below. */
export function operandsOf(parts: readonly Part[]): readonly number[] {
  return [...new Set(parts.flatMap(({ leaf, operands = [] }) => (leaf === undefined ? operands : [leaf])))];
}

/** How many arguments of np.path are arrays: the others are axes, shifts and the like. */
export function operandCount(path: string): number {
  const name = path.replace(/^linalg\./, '');
  if (['dot', 'vdot', 'inner'].includes(name)) return 2;
  return REDUCTIONS.has(name) || ['roll', 'round', 'around', 'flip', 'transpose'].includes(name) ? 1 : 3;
}

/** An item of a subscript; `partOf` makes parts of its bounds. */
export function subscriptPart(item: Subscript, partOf: (node: Expression) => Part): SubscriptPart {
  switch (item.kind) {
    case 'ellipsis':
      return { parts: [], read: () => ({ kind: 'ellipsis' }), text: () => [{ kind: 'ellipsis' }] };
    case 'index': {
      const at = partOf(item.at);
      return {
        parts: [at],
        read: (v) => ({ kind: 'index', at: at.plain(v) }),
        text: (of) => indexItems(of(at)),
      };
    }
    case 'slice': {
      const [start, stop, step] = [item.start, item.stop, item.step].map((part) => part && partOf(part));
      const read = (part: Part | undefined, values: readonly Value[]): Value => part?.plain(values) ?? null;
      return {
        parts: [start, stop, step].flatMap((part) => (part ? [part] : [])),
        read: (v) => ({ kind: 'slice', start: read(start, v), stop: read(stop, v), step: read(step, v) }),
        text: (of) => [
          {
            kind: 'slice',
            start: start && of(start),
            stop: stop && of(stop),
            step: step && of(step),
          },
        ],
      };
    }
  }
}

/** An index as the template has it; a tuple among values is its items. */
function indexItems(node: Node): readonly Item[] {
  switch (node.kind) {
    case 'none':
      return [{ kind: 'newaxis' }];
    case 'span':
      return [node.item];
    case 'tuple':
      return node.list ? [{ kind: 'index', at: node }] : node.items.flatMap(indexItems);
    default:
      return [{ kind: 'index', at: node }];
  }
}

/** What a part has of the parts it is made of. */
export function inner(
  node: { from: number; to: number },
  kids: readonly Part[],
): Pick<Part, 'span' | 'leaves' | 'leaf' | 'operands' | 'forced'> {
  const all = (of: (kid: Part) => readonly number[]): number[] => [...new Set(kids.flatMap(of))];
  return {
    span: span(node),
    leaf: undefined,
    leaves: all((kid) => kid.leaves),
    operands: all((kid) => kid.operands ?? []),
    forced: all((kid) => kid.forced ?? []),
  };
}

export function constantPart(node: Expression, value: Value): Part {
  return {
    ...inner(node, []),
    plain: () => value,
    node: () => {
      throw new QuadrilleError('INTERNAL', 'a constant is a hole or a number');
    },
  };
}
