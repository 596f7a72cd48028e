/**
 * A random program in, Python source out: as NumPy runs it, where documented differences (exact sums, f32 sums rounded
 * once, the order of zeros) are asked of functions of the driver (numpy-process.ts); and as a user writes it.
 */
import type { BinaryFn, DType, UnaryFn } from '../../jit/program.js';
import type { RandomExpr, RandomProgram, RandomStatement, RandomView, Subscript } from './program.js';

/** For NumPy itself, or for quadrille's readers of NumPy text. */
export type Reader = 'numpy' | 'quadrille';

export const SIGNS: Partial<Record<BinaryFn, string>> = {
  ...{ add: '+', sub: '-', mul: '*', div: '/', floordiv: '//', mod: '%' },
  ...{ lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=' },
  ...{ bitand: '&', bitor: '|', bitxor: '^', shl: '<<', shr: '>>' },
};
const NAMES: Partial<Record<BinaryFn | UnaryFn, string>> = {
  ...{ and: 'logical_and', or: 'logical_or', xor: 'logical_xor', not: 'logical_not' },
  ...{ atan: 'arctan', atan2: 'arctan2' },
};
const DTYPES: Record<DType, string> = { f64: 'float64', f32: 'float32', i64: 'int64', i32: 'int32', bool: 'bool_' };

/** Python source over arrays `f[0]`, `f[1]`, ...; also what failures print. */
export function pythonSource(program: RandomProgram, reader: Reader = 'numpy'): string {
  const swapped = program.swapped?.map((k) => `f[${k}]`);
  const own = program.fields.length;
  const once = [
    ...program.statements.flatMap((statement) => statementLines(statement, own, reader)),
    ...(swapped ? [`${swapped.join(', ')} = ${swapped.toReversed().join(', ')}`] : []),
  ];
  const { until, steps } = program;
  if (steps === 1 && !until) return once.join('\n');
  if (until) {
    const look = until.every === 1 ? '' : `(step + 1) % ${until.every} == 0 and `;
    once.push(`if ${look}${exprSource(until.condition, own, reader)}: break`);
  }
  return [`for step in range(${steps}):`, ...once.map(indented)].join('\n');
}

function indented(line: string): string {
  return `  ${line}`;
}

export function statementLines(statement: RandomStatement, own: number, reader: Reader): string[] {
  const source = (expr: RandomExpr): string => exprSource(expr, own, reader);
  switch (statement.kind) {
    case 'assign':
      return [`${assigned(statement.target, own)} = ${stored(statement.value, source(statement.value), reader)}`];
    case 'update': {
      const { target, fn, value } = statement;
      return [`${assigned(target, own)} ${SIGNS[fn]}= ${source(value)}`];
    }
    case 'masked': {
      const { target, mask, value } = statement;
      const under = source(mask);
      const elements = value.op === 'number' ? source(value) : `${source(value)}[${under}]`;
      return [`${viewSource(target, own)}[${under}] = ${elements}`];
    }
    case 'array':
      return [`t${statement.makes} = np.array(${source(statement.value)})`];
    case 'scalar':
      return [`s${statement.makes} = ${source(statement.value)}`];
    case 'sweep': {
      const { from, to, step, body } = statement;
      return [
        `for i in range(${from}, ${to}, ${step}):`,
        ...body.flatMap((one) => statementLines(one, own, reader)).map(indented),
      ];
    }
  }
}

/**
 * NumPy converts arrays as C does, but single elements as Python does, which has no integer for NaN. And NumPy 1.24 loses
 * an element where a row is assigned a column of the same array that crosses it.
 */
function stored(value: RandomExpr, source: string, reader: Reader): string {
  return reader === 'quadrille' || value.op === 'number' ? source : `np.array(${source})`;
}

export function exprSource(expr: RandomExpr, own: number, reader: Reader): string {
  const source = (one: RandomExpr): string => exprSource(one, own, reader);
  switch (expr.op) {
    case 'view':
      return viewSource(expr.view, own);
    case 'number':
      return `(${expr.value})`;
    case 'scalar':
      return `s${expr.index}`;
    case 'unary': {
      const a = source(expr.a);
      return expr.fn === 'neg' ? `(-${a})` : expr.fn === 'invert' ? `(~${a})` : `np.${NAMES[expr.fn] ?? expr.fn}(${a})`;
    }
    case 'binary': {
      const [a, b] = [source(expr.a), source(expr.b)];
      const sign = SIGNS[expr.fn];
      return sign ? `(${a} ${sign} ${b})` : `np.${NAMES[expr.fn] ?? expr.fn}(${a}, ${b})`;
    }
    case 'power':
      return reader === 'numpy' ? `P(${source(expr.a)}, ${expr.exponent})` : `(${source(expr.a)} ** ${expr.exponent})`;
    case 'where':
      return `np.where(${source(expr.cond)}, ${source(expr.a)}, ${source(expr.b)})`;
    case 'cast':
      return `${source(expr.a)}.astype(np.${DTYPES[expr.dtype]})`;
    case 'clip':
      return `np.clip(${source(expr.a)}, ${expr.least}, ${expr.most})`;
    case 'part':
      return `${source(expr.a)}[${subscriptsSource(expr.subscripts)}]`;
    case 'turned':
      return `np.transpose(${source(expr.a)}, (${expr.order.join(', ')}))`;
    case 'rolled':
      return `np.roll(${source(expr.a)}, ${expr.shift}, axis=${expr.axis})`;
    case 'reduce': {
      const a = source(expr.a);
      return reader === 'numpy' ? `R('${expr.fn}', ${a})` : `np.${expr.fn}(${a})`;
    }
    case 'along': {
      const { fn, a, axes, keepdims } = expr;
      const axis = axes.length === 1 ? `${axes[0]}` : `(${axes.join(', ')})`;
      const how = `axis=${axis}${keepdims ? ', keepdims=True' : ''}`;
      return reader === 'numpy' ? `R('${fn}', ${source(a)}, ${how})` : `np.${fn}(${source(a)}, ${how})`;
    }
    case 'norm': {
      const { a, order } = expr;
      if (reader === 'numpy') return `N(${source(a)}, ${order === Number.POSITIVE_INFINITY ? 'np.inf' : order})`;
      // NumPy's norm with an order is one of vectors only.
      if (order === 2) return `np.linalg.norm(${source(a)})`;
      return order === 1 ? `np.sum(np.abs(${source(a)}))` : `np.max(np.abs(${source(a)}))`;
    }
    case 'dot': {
      const product = [source(expr.a), source(expr.b)];
      return reader === 'numpy' ? `R('sum', ${product.join(' * ')})` : `np.vdot(${product.join(', ')})`;
    }
  }
}

/** What is assigned to: an element needs no `[...]` behind it, a transposed view does. */
function assigned(view: RandomView, own: number): string {
  return `${viewSource(view, own)}${view.order && !view.again ? '[...]' : ''}`;
}

function viewSource({ field, roll, shift, subscripts, order, again }: RandomView, own: number): string {
  const base = field < own ? `f[${field}]` : `t${field - own}`;
  let source = base;
  if (roll) source = `np.roll(${base}, ${roll.shift}, axis=${roll.axis})`;
  shift?.forEach((by, axis) => {
    if (by !== 0) source = `np.roll(${source}, ${-by}, axis=${axis})`;
  });
  source += `[${subscriptsSource(subscripts)}]`;
  if (order) source += `.transpose(${order.join(', ')})`;
  return again ? `${source}[${subscriptsSource(again)}]` : source;
}

function subscriptsSource(subscripts: readonly Subscript[]): string {
  return subscripts.map(subscriptText).join(', ') || '...';
}

function subscriptText(subscript: Subscript): string {
  if (subscript === null) return 'None';
  if (subscript === '...' || typeof subscript === 'number') return `${subscript}`;
  if ('move' in subscript) {
    const { move, count } = subscript;
    return count === undefined ? from(move) : `${from(move)}:${from(move + count)}`;
  }
  const { start, stop, step } = subscript;
  return `${start ?? ''}:${stop ?? ''}${step === undefined ? '' : `:${step}`}`;
}

function from(move: number): string {
  return move === 0 ? 'i' : move > 0 ? `i + ${move}` : `i - ${-move}`;
}
