/** Calls of NumPy's reductions in, values out: over all elements, a Scalar. Each reduction becomes a step of its own. */
import { unaryTree } from '../expr.js';
import { dotTree, normTree, REDUCERS, varianceTree } from '../reduction.js';
import { sizeOf } from '../shape.js';
import type { Call, Node, Span } from './ast.js';
import { PRODUCTS, REDUCTION_NAMES } from './functions.js';
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
    const { values, named } = argumentsOf(evaluator, node, 1, ['ord']);
    const [a] = values;
    if (!a) throw evaluator.arity(node, '1');
    const tree = evaluator.tree(a);
    const order = named.ord === undefined ? 2 : numberOf(evaluator, named.ord);
    if (named.ord !== undefined && tree.structure.shape.length > 1) {
      throw errorAt(evaluator.source, named.ord, 'UNSUPPORTED_PYTHON', 'A norm of matrices is not translated.', {
        hint: 'without ord it is the root of the sum of all squares',
      });
    }
    return { kind: 'tree', tree: normTree(tree, order, build) };
  }
  const spread = name === 'std' || name === 'var';
  const { values, named } = argumentsOf(evaluator, node, 1, spread ? ['axis', 'ddof'] : ['axis']);
  const [a] = values;
  if (!a) throw evaluator.arity(node, '1');
  if (named.axis !== undefined && !isNone(named.axis)) {
    throw errorAt(evaluator.source, named.axis, 'UNSUPPORTED_PYTHON', `The axis of ${name} is not translated yet.`);
  }
  if (spread) {
    const ddof = named.ddof === undefined ? 0 : numberOf(evaluator, named.ddof);
    const tree = varianceTree(evaluator.tree(a), ddof, build);
    return { kind: 'tree', tree: name === 'std' ? unaryTree('sqrt', tree) : tree };
  }
  const reducer = REDUCTION_NAMES[name];
  if (!reducer) throw evaluator.arity(node, 'a known reduction');
  return { kind: 'tree', tree: REDUCERS[reducer](evaluator.tree(a), build) };
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

function isNone(node: Node): boolean {
  return node.kind === 'none';
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
