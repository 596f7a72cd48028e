/** Calls of np functions that are formulas, and of methods, in; which of their arguments cannot be translated, before anything runs, out. */
import type { Span } from '../ast.js';
import { BINARY_NAMES, DERIVED_NAMES, REDUCTIONS, UNARY_NAMES } from '../functions.js';
import type { CallNode, Expression } from './syntax.js';

export interface Refusal {
  readonly at: Span;
  /** As the message begins. */
  readonly what: string;
  readonly hint: string | undefined;
}

/** Arguments that functions of NumPy have and that are not there, with what to write instead. */
const REFUSED_KEYWORDS: Readonly<Record<string, string>> = {
  out: 'assign the result: u[...] = ...',
  where: 'np.where(condition, a, b)',
  dtype: 'convert the operand: np.sum(u.astype(np.float64))',
  casting: 'leave it out: operands are converted as NumPy does it by itself',
};

/** Names of the arguments after the array. */
function keywordsOf(name: string): readonly string[] | undefined {
  if (REDUCTIONS.has(name)) {
    if (name === 'norm') return ['x', 'ord', 'axis', 'keepdims'];
    if (name === 'dot' || name === 'vdot' || name === 'inner') return [];
    return ['a', 'axis', 'keepdims', ...(name === 'std' || name === 'var' ? ['ddof'] : [])];
  }
  if (name === 'roll') return ['a', 'shift', 'axis'];
  if (Object.hasOwn(DERIVED_NAMES, name)) return DERIVED_NAMES[name]?.flat();
  return Object.hasOwn(UNARY_NAMES, name) || Object.hasOwn(BINARY_NAMES, name) || name === 'where' ? [] : undefined;
}

/** How many positional arguments, least and most, with the array. */
function countsOf(name: string): readonly [number, number] | undefined {
  if (name === 'where') return [3, 3];
  if (Object.hasOwn(UNARY_NAMES, name)) return [1, 1];
  return Object.hasOwn(BINARY_NAMES, name) ? [2, 2] : undefined;
}

function isNone(value: Expression): boolean {
  return value.kind === 'none';
}

/** `title`: np.sum, .sum. `given`: how many operands stand before the arguments. */
export function refusedArgument(title: string, name: string, given: number, node: CallNode): Refusal | undefined {
  const keywords = keywordsOf(name);
  for (const { name: keyword, value, from, to } of node.keywords) {
    if (keyword === undefined) continue;
    const what = `The argument ${keyword}= of ${title}`;
    if (keyword === 'order' && value.kind === 'str' && value.value !== 'C' && /^(reshape|ravel|flatten)$/.test(name)) {
      const order = `The argument order='${value.value}' of ${title}`;
      return { at: { from, to }, what: order, hint: 'turn the array before: a.T.reshape(...)' };
    }
    if (!keywords || keywords.includes(keyword) || (isNone(value) && (keyword === 'dtype' || keyword === 'out')))
      continue;
    return {
      at: { from, to },
      what,
      hint: Object.hasOwn(REFUSED_KEYWORDS, keyword) ? REFUSED_KEYWORDS[keyword] : undefined,
    };
  }
  const count = node.args.length + given;
  const [least, most] = countsOf(name) ?? [0, Infinity];
  if (name === 'where' && count === 1) {
    const hint = 'the number of indices it gives depends on the data; assign with a condition: u[mask] = value';
    return { at: node, what: 'np.where of one argument', hint };
  }
  if (count < least || count > most)
    return { at: node, what: `${title} of ${count} arguments`, hint: `it takes ${least}; ${REFUSED_KEYWORDS.out}` };
  return name === 'pad' ? refusedMode(node) : undefined;
}

function refusedMode({ args, keywords }: CallNode): Refusal | undefined {
  const mode = args[2] ?? keywords.find(({ name }) => name === 'mode')?.value;
  if (mode?.kind !== 'str' || ['constant', 'edge', 'wrap'].includes(mode.value)) return undefined;
  return { at: mode, what: `np.pad with mode '${mode.value}'`, hint: "'constant', 'edge' and 'wrap' are there" };
}
