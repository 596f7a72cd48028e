/** Calls of NumPy's reductions in, values out: Scalars, and arrays along axes. Each reduction becomes a step of its own. */
import { unaryTree } from '../expr.js';
import { dotTree, normTree, REDUCERS, readAxes, varianceTree } from '../reduction.js';
import { sizeOf } from '../shape.js';
import type { Call, Node, Span } from './ast.js';
import { PRODUCTS, REDUCTION_NAMES } from './functions.js';
import { maskedReduction } from './masked-reductions.js';
import { errorAt } from './source.js';
import type { Evaluation, Value } from './value.js';

/** np.sum(a), a.max(), np.linalg.norm(a, ord), np.var(a, ddof=1), np.dot(a, b), ... */
export function reduction(evaluator: Evaluation, node: Call): Value {
  const { name } = node;
  const { build } = evaluator;
  if (PRODUCTS.has(name)) {
    const { values } = argumentsOf(evaluator, node, 2, []);
    return product(evaluator, name, values, node);
  }
  if (name === 'norm') {
    const { values, named } = argumentsOf(evaluator, node, 1, ['ord', 'axis', 'keepdims']);
    const [a] = values;
    if (!a) throw evaluator.arity(node, '1');
    const tree = evaluator.tree(a);
    const none = named.ord === undefined || named.ord.kind === 'none';
    const order = named.ord === undefined || none ? 2 : numberOf(evaluator, named.ord);
    const { shape } = tree.structure;
    const along = readAxes('norm', axesOf(evaluator, named.axis), shape, isTrue(evaluator, named.keepdims));
    if (named.ord !== undefined && !none && (along ? along.axes.length : shape.length) > 1) {
      throw errorAt(evaluator.source, named.ord, 'UNSUPPORTED_PYTHON', 'A norm of matrices is not translated.', {
        hint: 'without ord it is the root of the sum of all squares',
      });
    }
    return { kind: 'tree', tree: normTree(tree, order, build, along) };
  }
  const spread = name === 'std' || name === 'var';
  const names = name.startsWith('arg') || name === 'count_nonzero' ? ['axis'] : ['axis', 'dtype', 'out'];
  const known = [...(spread ? [...names, 'ddof'] : names), 'keepdims'];
  const { values, named } = argumentsOf(evaluator, node, 1, known);
  for (const other of [named.dtype, named.out]) {
    if (other !== undefined && !(other.kind === 'none'))
      throw errorAt(evaluator.source, other, 'UNSUPPORTED_PYTHON', 'This argument is not translated.');
  }
  const [a] = values;
  if (!a) throw evaluator.arity(node, '1');
  if (a.kind === 'masked' && named.axis === undefined && named.keepdims === undefined)
    return {
      kind: 'tree',
      tree: maskedReduction(REDUCTION_NAMES[name] ?? name, evaluator.tree(a.base), a.mask, build),
    };
  const tree = evaluator.tree(a);
  const along = readAxes(name, axesOf(evaluator, named.axis), tree.structure.shape, isTrue(evaluator, named.keepdims));
  if (spread) {
    const ddof = named.ddof === undefined ? 0 : numberOf(evaluator, named.ddof);
    const spreadTree = varianceTree(tree, ddof, build, along);
    return { kind: 'tree', tree: name === 'std' ? unaryTree('sqrt', spreadTree) : spreadTree };
  }
  const reducer = REDUCTION_NAMES[name];
  if (!reducer) throw evaluator.arity(node, 'a known reduction');
  return { kind: 'tree', tree: REDUCERS[reducer](tree, build, along) };
}

function axesOf(evaluator: Evaluation, node: Node | undefined): number | number[] | undefined {
  if (node === undefined || node.kind === 'none') return undefined;
  if (node.kind === 'tuple') return node.items.map((item) => numberOf(evaluator, item));
  return numberOf(evaluator, node);
}

function isTrue(evaluator: Evaluation, node: Node | undefined): boolean {
  if (node === undefined) return false;
  return numberOf(evaluator, node) !== 0;
}

/** Of two vectors (vdot: of all elements). */
export function product(evaluator: Evaluation, name: string, [a, b]: readonly Value[], at: Span): Value {
  if (!a || !b) throw errorAt(evaluator.source, at, 'BAD_OPERAND', `${name} takes two operands.`);
  const trees = [evaluator.tree(a), evaluator.tree(b)] as const;
  const matrix = trees.find(({ structure }) => structure.shape.length !== 1 && sizeOf(structure.shape) > 0);
  if (name !== 'vdot' && matrix) {
    throw errorAt(
      evaluator.source,
      at,
      'UNSUPPORTED_PYTHON',
      `${name === 'The operator @' ? name : `np.${name}`} is translated for vectors only.`,
      {
        hint: 'the sum of products over all elements is np.vdot(a, b)',
      },
    );
  }
  return { kind: 'tree', tree: dotTree(...trees, evaluator.build) };
}

/** The first `count` arguments as values, the others by name, as nodes. */
function argumentsOf(
  evaluator: Evaluation,
  node: Call,
  count: number,
  names: readonly string[],
): { values: Value[]; named: Partial<Record<string, Node>> } {
  const named: Partial<Record<string, Node>> = {};
  node.args.slice(count).forEach((arg, k) => {
    const name = names[k];
    if (name === undefined) throw evaluator.arity(node, `${count}`);
    named[name] = arg;
  });
  for (const keyword of node.keywords) {
    if (!names.includes(keyword.name)) {
      const message = `The argument ${keyword.name}= of ${node.name} is not translated.`;
      throw errorAt(evaluator.source, keyword, 'UNSUPPORTED_PYTHON', message);
    }
    named[keyword.name] = keyword.value;
  }
  return { values: node.args.slice(0, count).map((arg) => evaluator.value(arg)), named };
}

/** A number that shapes the program: another value makes another program. */
function numberOf(evaluator: Evaluation, node: Node): number {
  const value = evaluator.value(node);
  if (value.kind !== 'number') {
    throw errorAt(evaluator.source, node, 'BAD_OPERAND', 'A plain number is needed here.');
  }
  for (const hole of value.holes) evaluator.fixed.add(hole);
  return value.value;
}
