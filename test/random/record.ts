/** A random program and its fields in; recorded through quadrille's public API. */
import * as q from 'quadrille';
import { type Expr, type Field, type Grid, np, numpy, release, Scalar, swap, type View } from 'quadrille';
import type { BinaryFn, DType, UnaryFn } from '../../jit/program.js';
import type { RandomExpr, RandomProgram, RandomStatement, RandomView, ReduceName, Subscript } from './program.js';
import { exprSource, pythonSource, SIGNS, statementLines } from './python.js';

type AnyField = Field<DType>;

/** What the statements of one step know: fields and the temporaries after them, Scalars, the loop variable. */
interface Names {
  readonly own: number;
  readonly fields: AnyField[];
  readonly scalars: Expr[];
  readonly i: number;
}

/** Gives the fields in the order in which they are after the last step. */
export async function record(program: RandomProgram, given: readonly AnyField[], grid: Grid): Promise<AnyField[]> {
  if (program.written === 'program') return asProgram(program, given);
  const fields = [...given];
  const { until, steps } = program;
  const body = (): void => recordStep(program, fields);
  if (program.loop === 'plain') for (let step = 0; step < steps; step++) body();
  else if (!until) await grid.loop(body, { steps });
  else {
    const condition = (): Scalar => scalarOf(operandOf(until.condition, namesOf(program, fields)));
    await grid.loop(body, { until: condition, every: until.every, maxSteps: steps });
  }
  return fields;
}

/** The whole as a Python function, which gives back its arrays as they are named at the end. */
async function asProgram(program: RandomProgram, given: readonly AnyField[]): Promise<AnyField[]> {
  const named = (line: string): string => line.replace(/\bf\[(\d+)\]/g, 'f$1');
  const names = given.map((_, k) => `f${k}`);
  const body = pythonSource(program, 'quadrille').split('\n').map(named);
  const lines = [`def main(${names}):`, ...body.map((line) => `  ${line}`), `  return [${names}]`];
  const { main } = await numpy.compile(`import numpy as np\n${lines.join('\n')}\n`);
  if (!main) throw new Error('no function main');
  const result = await main(...given);
  if (!Array.isArray(result)) throw new Error('main gave no list');
  return result.map((one) => {
    if (one instanceof q.Field) return one;
    throw new Error('main gave something other than an array');
  });
}

function namesOf(program: RandomProgram, fields: readonly AnyField[]): Names {
  return { own: program.fields.length, fields: [...fields], scalars: [], i: Number.NaN };
}

function recordStep(program: RandomProgram, fields: AnyField[]): void {
  const names = namesOf(program, fields);
  if (program.written === 'block' && isBlock(program)) {
    recordBlock(program, names);
    return;
  }
  for (const statement of program.statements) recordStatement(program, statement, names);
  // Now and then the collector has them.
  if (program.statements.length % 3 > 0) for (const temporary of names.fields.slice(names.own)) release(temporary);
  if (!program.swapped) return;
  const [a, b] = program.swapped;
  if (program.byVariables) [fields[a], fields[b]] = [fieldAt(fields, b), fieldAt(fields, a)];
  else swap(fieldAt(fields, a), fieldAt(fields, b));
}

/** Can a step be one template? It has no loops, and a name for a view is that view. */
function isBlock({ statements, byVariables, swapped }: RandomProgram): boolean {
  const views = ['view', 'part', 'turned', 'rolled'];
  const fits = (one: RandomStatement): boolean =>
    one.kind !== 'sweep' && !(one.kind === 'array' && views.includes(one.value.op));
  return !(swapped && byVariables) && statements.every(fits) && !JSON.stringify(statements).includes('"shift":[');
}

function recordBlock({ statements, swapped }: RandomProgram, names: Names): void {
  const lines = statements.flatMap((one) => statementLines(one, names.own, 'quadrille'));
  const exchange = swapped?.map((k) => `f[${k}]`);
  if (exchange) lines.push(`${exchange.join(', ')} = ${exchange.toReversed().join(', ')}`);
  const source = lines.join('\n').replace(/^(t\d+ = )np\.array/gm, '$1');
  // A template that records nothing would be an expression.
  if (statements.some(({ kind }) => kind !== 'scalar' && kind !== 'array') || exchange)
    text(source, names, /\bf\[(\d+)\]/g);
}

function recordStatement(program: RandomProgram, statement: RandomStatement, names: Names): void {
  const { own } = names;
  if (statement.kind === 'sweep') {
    const { from, to, step, body } = statement;
    for (let i = from; step > 0 ? i < to : i > to; i += step)
      for (const one of body) recordStatement(program, one, { ...names, i });
    return;
  }
  const inText =
    (program.written === 'text' || program.written === 'block') && !JSON.stringify(statement).includes('"shift":[');
  switch (statement.kind) {
    case 'array':
      names.fields.push(
        q.copy(inText ? text(exprSource(statement.value, own, 'quadrille'), names) : operandOf(statement.value, names)),
      );
      return;
    case 'scalar': {
      const value = inText
        ? text(exprSource(statement.value, own, 'quadrille'), names)
        : operandOf(statement.value, names);
      names.scalars.push(scalarOf(value));
      return;
    }
    default:
      if (inText) text(statementLines(statement, own, 'quadrille').join('\n'), names);
      else recordAssignment(statement, names);
  }
}

function recordAssignment(
  statement: Extract<RandomStatement, { kind: 'assign' | 'update' | 'masked' }>,
  names: Names,
): void {
  const target = viewOf(statement.target, names);
  const value = operandOf(statement.value, names);
  switch (statement.kind) {
    case 'assign':
      target.set(value);
      return;
    case 'update':
      target.set(binaryOf(statement.fn, target, value));
      return;
    case 'masked':
      target.at(exprOf(operandOf(statement.mask, names))).set(value);
  }
}

function scalarOf(value: Expr | number): Scalar {
  if (value instanceof Scalar) return value;
  throw new Error('a Scalar was expected');
}

/** Calls the np template with the text between names, and what they stand for. */
function text(source: string, names: Names, holes = /\bf\[(\d+)\]|\bt(\d+)\b|\bs(\d+)\b|\bi\b/g): Expr {
  const texts: string[] = [];
  const values: (Expr | number)[] = [];
  let end = 0;
  for (const found of source.matchAll(holes)) {
    texts.push(source.slice(end, found.index));
    const [whole, f, t, s] = found;
    if (f !== undefined) values.push(fieldAt(names.fields, Number(f)));
    else if (t !== undefined) values.push(fieldAt(names.fields, names.own + Number(t)));
    else if (s !== undefined) values.push(exprOf(names.scalars[Number(s)] ?? 0));
    else values.push(names.i);
    end = found.index + whole.length;
  }
  texts.push(source.slice(end));
  return np(Object.assign(texts, { raw: texts }), ...values);
}

function operandOf(expr: RandomExpr, names: Names): Expr | number {
  const operand = (one: RandomExpr): Expr => exprOf(operandOf(one, names));
  switch (expr.op) {
    case 'view':
      return viewOf(expr.view, names);
    case 'number':
      return expr.value;
    case 'scalar':
      return names.scalars[expr.index] ?? Number.NaN;
    case 'unary':
      return unaryOf(expr.fn, operand(expr.a));
    case 'binary':
      return binaryOf(expr.fn, operandOf(expr.a, names), operandOf(expr.b, names));
    case 'power':
      return operand(expr.a).pow(expr.exponent);
    case 'where':
      return q.where(operand(expr.cond), operandOf(expr.a, names), operandOf(expr.b, names));
    case 'cast':
      return operand(expr.a).astype(expr.dtype);
    case 'clip':
      return q.clip(operand(expr.a), expr.least, expr.most);
    case 'part':
      return operand(expr.a).at(...expr.subscripts.map((one) => sliceOf(one, names.i)));
    case 'turned':
      return operand(expr.a).transpose(...expr.order);
    case 'rolled':
      return q.roll(operand(expr.a), expr.shift, expr.axis);
    case 'reduce':
      return REDUCE[expr.fn](operand(expr.a));
    case 'along':
      return REDUCE[expr.fn](operand(expr.a), { axis: expr.axes, keepdims: expr.keepdims });
    case 'norm':
      return q.norm(operand(expr.a), expr.order);
    case 'dot':
      return q.dot(operand(expr.a), operand(expr.b));
  }
}

type Reducer = (a: Expr, options?: q.AxisOptions) => Expr;

/** Over everything without options, along axes with them. */
function reducer(reduce: { (a: Expr): Expr; (a: Expr, options: q.AxisOptions): Expr }): Reducer {
  return (a, options) => (options ? reduce(a, options) : reduce(a));
}

const REDUCE: Record<ReduceName, Reducer> = {
  ...{ sum: reducer(q.sum), mean: reducer(q.mean), prod: reducer(q.prod), min: reducer(q.min), max: reducer(q.max) },
  ...{ argmin: reducer(q.argmin), argmax: reducer(q.argmax), any: reducer(q.any), all: reducer(q.all) },
  ...{ std: reducer(q.std), var: reducer(q.variance) },
};

const UNARY: Partial<Record<UnaryFn, (a: Expr) => Expr>> = {
  neg: (a) => a.neg(),
  invert: (a) => a.not(),
  not: q.logical_not,
  ...{ abs: q.abs, floor: q.floor, ceil: q.ceil, trunc: q.trunc, rint: q.rint, sign: q.sign, sqrt: q.sqrt },
  ...{ square: q.square, reciprocal: q.reciprocal, isnan: q.isnan, isinf: q.isinf, isfinite: q.isfinite },
  ...{ exp: q.exp, log1p: q.log1p, sin: q.sin, tanh: q.tanh, atan: q.atan, cbrt: q.cbrt },
};

function unaryOf(fn: UnaryFn, a: Expr): Expr {
  const made = UNARY[fn]?.(a);
  if (made) return made;
  throw new Error(`no function ${fn}`);
}

const BINARY: Partial<Record<BinaryFn, (a: Expr | number, b: Expr | number) => Expr>> = {
  ...{ minimum: q.minimum, maximum: q.maximum, fmin: q.fmin, fmax: q.fmax, fmod: q.fmod, hypot: q.hypot },
  ...{ atan2: q.atan2, floordiv: q.floor_divide, mod: q.mod },
  ...{ and: q.logical_and, or: q.logical_or, xor: q.logical_xor, bitand: q.bitwise_and, bitor: q.bitwise_or },
  ...{ bitxor: q.bitwise_xor, shl: q.left_shift, shr: q.right_shift },
};

function binaryOf(fn: BinaryFn, a: Expr | number, b: Expr | number): Expr {
  const made = BINARY[fn]?.(a, b);
  if (made) return made;
  // Methods have an expression first; text need not.
  if (typeof a === 'number') {
    const texts = ['', ` ${SIGNS[fn]} `, ''];
    return np(Object.assign(texts, { raw: texts }), a, b);
  }
  switch (fn) {
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
      return a[fn](b);
    default:
      throw new Error(`no operator ${fn}`);
  }
}

function exprOf(value: Expr | number): Expr {
  if (typeof value !== 'number') return value;
  throw new Error('a number where an array is needed');
}

function viewOf({ field, roll, shift, subscripts, order, again }: RandomView, { fields, i }: Names): View {
  const whole = fieldAt(fields, field);
  const base = roll ? whole.roll(roll.shift, roll.axis) : shift ? whole.shift(...shift) : whole;
  const sliced = base.at(...subscripts.map((one) => sliceOf(one, i)));
  const turned = order ? sliced.transpose(...order) : sliced;
  return again ? turned.at(...again.map((one) => sliceOf(one, i))) : turned;
}

function sliceOf(subscript: Subscript, i: number): q.Slice {
  if (subscript === null || subscript === '...' || typeof subscript === 'number') return subscript;
  if ('move' in subscript) {
    const { move, count } = subscript;
    return count === undefined ? i + move : [i + move, i + move + count];
  }
  const { start, stop, step } = subscript;
  return `${start ?? ''}:${stop ?? ''}${step === undefined ? '' : `:${step}`}`;
}

function fieldAt(fields: readonly AnyField[], k: number): AnyField {
  const field = fields[k];
  if (!field) throw new Error(`no field ${k}`);
  return field;
}
