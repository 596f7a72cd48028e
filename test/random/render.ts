/** A random program in; the same program as NumPy source, and recorded through quadrille's public API, out. */
import {
  abs,
  arctan,
  cbrt,
  ceil,
  copy,
  type Expr,
  exp,
  type Field,
  floor,
  fmax,
  fmin,
  fmod,
  type Grid,
  hypot,
  log1p,
  maximum,
  minimum,
  np,
  release,
  rint,
  sign,
  sin,
  swap,
  tanh,
  trunc,
  type View,
  where,
} from 'quadrille';
import type { DType } from '../../jit/program.js';
import type { RandomCondition, RandomExpr, RandomProgram, RandomStatement, RandomView, Subscript } from './program.js';

const SIGN = { add: '+', sub: '-', mul: '*', div: '/', lt: '<', le: '<=', gt: '>', ge: '>=', ne: '!=' };

const FUNCTIONS = {
  ...{ abs, floor, ceil, trunc, rint, sign, exp, log1p, sin, tanh, arctan, cbrt },
  ...{ minimum, maximum, fmin, fmax, fmod, hypot },
};

function isFunction(fn: keyof typeof FUNCTIONS | keyof typeof SIGN): fn is keyof typeof FUNCTIONS {
  return Object.hasOwn(FUNCTIONS, fn);
}

/** Python source over arrays `f[0]`, `f[1]`, ...; also what failures print. */
export function pythonSource(program: RandomProgram): string {
  const swapped = program.swapped?.map((k) => `f[${k}]`);
  const own = program.fields.length;
  const once = [
    ...program.statements.map((statement) => withNames(statementSource(statement), own)),
    ...(swapped ? [`${swapped.join(', ')} = ${swapped.toReversed().join(', ')}`] : []),
  ];
  return program.steps === 1
    ? once.join('\n')
    : [`for step in range(${program.steps}):`, ...once.map((line) => `  ${line}`)].join('\n');
}

/** Temporaries under names of their own. */
function withNames(source: string, own: number): string {
  return source.replace(/f\[(\d+)\](?!\w)/g, (whole, k: string) => (Number(k) < own ? whole : `t${Number(k) - own}`));
}

function statementSource({ target, value, makes }: RandomStatement): string {
  if (makes !== undefined) return `t${makes} = ${exprSource(value)}`;
  return `${viewSource(target)} = ${exprSource(value)}`;
}

function exprSource(expr: RandomExpr): string {
  switch (expr.op) {
    case 'view':
      return viewSource(expr.view);
    case 'number':
      return `(${expr.value})`;
    case 'unary':
      return expr.fn === 'neg' ? `(-${exprSource(expr.a)})` : `np.${expr.fn}(${exprSource(expr.a)})`;
    case 'binary': {
      const [a, b] = [exprSource(expr.a), exprSource(expr.b)];
      if (isFunction(expr.fn)) return `np.${expr.fn}(${a}, ${b})`;
      return `(${a} ${SIGN[expr.fn]} ${b})`;
    }
    case 'power':
      return `(${exprSource(expr.a)} ** ${expr.exponent})`;
    case 'where':
      return `np.where(${conditionSource(expr.cond)}, ${exprSource(expr.a)}, ${exprSource(expr.b)})`;
  }
}

function conditionSource({ fn, a, b, not }: RandomCondition): string {
  return `${not ? '~' : ''}(${exprSource(a)} ${SIGN[fn]} ${exprSource(b)})`;
}

function viewSource({ field, subscripts, roll }: RandomView): string {
  const base = roll ? `np.roll(f[${field}], ${roll.shift}, axis=${roll.axis})` : `f[${field}]`;
  return `${base}[${subscripts.map(subscriptText).join(', ')}]`;
}

/** As Python and View.at take it. */
function subscriptText(subscript: Subscript): string {
  if (typeof subscript === 'number') return String(subscript);
  const { start, stop, step } = subscript;
  return `${start ?? ''}:${stop ?? ''}${step === undefined ? '' : `:${step}`}`;
}

/** Records the program. `fields` may be exchanged by swap; they stay the same objects. */
export async function record(program: RandomProgram, own: readonly AnyField[], grid: Grid): Promise<void> {
  if (program.looped) await grid.loop(() => recordStep(program, own), { steps: program.steps });
  else for (let step = 0; step < program.steps; step++) recordStep(program, own);
}

function recordStep(program: RandomProgram, own: readonly AnyField[]): void {
  const fields = [...own];
  for (const statement of program.statements) {
    if (statement.makes !== undefined) fields.push(temporaryOf(program, statement, fields));
    else if (program.asText && canBeText(statement)) recordText(statementSource(statement), fields);
    else viewOf(statement.target, fields).set(operandOf(statement.value, fields));
  }
  // Now and then the collector has them.
  if (program.statements.length % 3 > 0) for (const temporary of fields.slice(own.length)) release(temporary);
  if (program.swapped) swap(fieldAt(own, program.swapped[0]), fieldAt(own, program.swapped[1]));
}

function temporaryOf(program: RandomProgram, { value }: RandomStatement, fields: readonly AnyField[]): AnyField {
  const source = exprSource(value);
  const expr = program.asText && !source.includes('np.roll') ? recordText(source, fields) : operandOf(value, fields);
  return copy(expr);
}

/** Text knows whole fields rolled, not slices of them. */
function canBeText(statement: RandomStatement): boolean {
  return !statementSource(statement).includes('np.roll');
}

/** Calls the np template with the text between fields, and the fields. */
function recordText(source: string, fields: readonly AnyField[]): Expr {
  const texts: string[] = [];
  const values: AnyField[] = [];
  let end = 0;
  for (const found of source.matchAll(/f\[(\d+)\]/g)) {
    texts.push(source.slice(end, found.index));
    values.push(fieldAt(fields, Number(found[1])));
    end = found.index + found[0].length;
  }
  texts.push(source.slice(end));
  return np(Object.assign(texts, { raw: texts }), ...values);
}

type AnyField = Field<DType>;

function operandOf(expr: RandomExpr, fields: readonly AnyField[]): Expr | number {
  switch (expr.op) {
    case 'view':
      return viewOf(expr.view, fields);
    case 'number':
      return expr.value;
    case 'unary': {
      const a = operandOf(expr.a, fields);
      if (expr.fn === 'neg') return typeof a === 'number' ? -a : a.neg();
      return FUNCTIONS[expr.fn](a);
    }
    case 'binary': {
      const [a, b] = [operandOf(expr.a, fields), operandOf(expr.b, fields)];
      if (isFunction(expr.fn)) return FUNCTIONS[expr.fn](a, b);
      if (typeof a !== 'number') return a[expr.fn](b);
      return typeof b === 'number' ? numbers(expr.fn, a, b) : withNumberFirst(expr.fn, a, b);
    }
    case 'power': {
      const a = operandOf(expr.a, fields);
      return typeof a === 'number' ? a ** expr.exponent : a.pow(expr.exponent);
    }
    case 'where': {
      const { cond, a, b } = expr;
      const left = operandOf(cond.a, fields);
      if (typeof left === 'number') throw new Error('conditions begin with a view');
      const condition = left[cond.fn](operandOf(cond.b, fields));
      return where(cond.not ? condition.not() : condition, operandOf(a, fields), operandOf(b, fields));
    }
  }
}

function numbers(fn: 'add' | 'sub' | 'mul' | 'div', a: number, b: number): number {
  return { add: a + b, sub: a - b, mul: a * b, div: a / b }[fn];
}

/** Methods have an expression first; text need not. */
function withNumberFirst(fn: 'add' | 'sub' | 'mul' | 'div', a: number, b: Expr): Expr {
  const texts = ['', ` ${SIGN[fn]} `, ''];
  return np(Object.assign(texts, { raw: texts }), a, b);
}

function viewOf({ field, subscripts, roll }: RandomView, fields: readonly AnyField[]): View {
  const whole = fieldAt(fields, field);
  return (roll ? whole.roll(roll.shift, roll.axis) : whole).at(...subscripts.map(subscriptText));
}

function fieldAt(fields: readonly AnyField[], k: number): AnyField {
  const field = fields[k];
  if (!field) throw new Error(`no field ${k}`);
  return field;
}
