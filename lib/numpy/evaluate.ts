/** Expressions of a template to values, by NumPy's rules; numbers among themselves are computed as Python would. */
import { didYouMean } from '../errors.js';
import { numberLeaf, type Tree } from '../expr.js';
import { Field } from '../field.js';
import { transposed } from '../order.js';
import type { Builder } from '../reduction.js';
import { notKnown } from '../slice.js';
import { View } from '../sliceable.js';
import { wholeView } from '../structure.js';
import { Arithmetic } from './arithmetic.js';
import type { Call, Node, Span } from './ast.js';
import { Calls } from './calls.js';
import { CONSTANTS } from './functions.js';
import { pythonUnary } from './number.js';
import { errorAt, locating, type Source, textOf } from './source.js';
import { Subscripts } from './subscripts.js';
import { asValue, constant, type Evaluation, Origins, type Value, type ViewValue } from './value.js';
import { numberType, treeAt, type Values, type Variant } from './variant.js';
import { ViewCalls } from './view-calls.js';

interface Local {
  readonly value: Value;
  /** How many exchanges of fields came before. */
  readonly exchanges: number;
}

export class Evaluator implements Evaluation {
  readonly origins = new Origins();
  readonly locals = new Map<string, Local>();
  /** Exchanges lowered so far. */
  exchanges = 0;
  readonly fixed = new Set<number>();
  readonly places: Evaluation['places'] = [];
  readonly wholes: Variant['wholes'][number][] = [];
  readonly build: Builder;

  readonly arithmetic: Arithmetic = new Arithmetic(this);
  readonly #subscripts: Subscripts;
  readonly #views: ViewCalls;
  readonly #calls: Calls;

  constructor(
    readonly source: Source,
    readonly values: Values,
    /** Values that keep changing. */
    moving: ReadonlySet<number>,
    /** Records the present value of an expression as an array of its own. */
    temporary: (at: Span, name: string, tree: Tree) => ViewValue,
    reduce: Builder['reduce'],
  ) {
    this.build = { number: numberLeaf, reduce };
    this.#subscripts = new Subscripts(this, moving);
    this.#views = new ViewCalls(this, this.#subscripts, temporary);
    this.#calls = new Calls(this, this.arithmetic, this.#views);
  }

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
        return constant(node.value, node.type);
      case 'name':
        return this.name(node, node.name);
      case 'hole':
        return this.hole(node.index);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return locating(this.source, node, () =>
          this.arithmetic.binary(node.op, this.value(node.a), this.value(node.b), node),
        );
      case 'constant': {
        const number = Object.hasOwn(CONSTANTS, node.name) ? CONSTANTS[node.name] : undefined;
        if (number !== undefined) return constant(number, 'float');
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `np.${node.name} is not translated.`, {
          hint: didYouMean(node.name, Object.keys(CONSTANTS)),
        });
      }
      case 'call':
        return locating(this.source, node, () => this.#calls.call(node));
      case 'method':
        return locating(this.source, node, () => this.#calls.method(node));
      case 'attribute':
        if (node.name === 'T')
          return locating(this.source, node, () => this.#views.turned(node.a, (shape) => transposed(shape)));
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `The attribute .${node.name} is not translated.`, {
          hint: didYouMean(node.name, ['T']),
        });
      case 'string':
      case 'tuple':
      case 'span':
      case 'none': {
        const what = {
          none: 'None',
          tuple: node.kind === 'tuple' && node.list ? 'A list' : 'A tuple',
          span: 'A slice',
          string: 'A string',
        }[node.kind];
        throw errorAt(this.source, node, 'UNSUPPORTED_PYTHON', `${what} is not translated here.`);
      }
      case 'subscript':
        return locating(this.source, node, () => this.#subscripts.subscript(node));
    }
  }

  private hole(index: number): Value {
    const expr = this.values.exprs[index];
    if (expr instanceof Field) return { kind: 'view', hole: index, view: wholeView(expr.storage.meta), places: [] };
    if (expr instanceof View) return { kind: 'view', hole: index, view: expr.view, places: [] };
    if (expr) {
      const first = this.values.firstOf(index);
      const tree = this.origins.leaf({ ...treeAt(this.values, first) }, { kind: 'tree', hole: first, slices: [] });
      return { kind: 'tree', tree };
    }
    return {
      kind: 'number',
      type: numberType(this.values, index),
      value: this.values.numbers[index] ?? Number.NaN,
      recipe: (n) => n[index] ?? Number.NaN,
      holes: [index],
    };
  }

  private name(at: Span, name: string): Value {
    const local = this.locals.get(name);
    if (!local) {
      throw errorAt(this.source, at, 'UNKNOWN_NAME', `'${name}' is not known here.`, {
        expected: 'an interpolated value, a name assigned above in the same template, or a function of np',
        hint: didYouMean(name, [...this.locals.keys(), ...Object.keys(CONSTANTS)]) ?? `interpolate it: \${${name}}`,
      });
    }
    const own = local.value.kind === 'view' && this.values.isOwn(local.value.hole);
    if (local.value.kind !== 'number' && !own && local.exchanges !== this.exchanges) {
      throw errorAt(this.source, at, 'UNSUPPORTED_PYTHON', `'${name}' is used after fields were exchanged.`, {
        hint: 'exchange the fields last',
      });
    }
    return local.value;
  }

  tree(value: Value): Tree {
    return this.arithmetic.tree(value);
  }

  private unary({ op, a, from, to }: Extract<Node, { kind: 'unary' }>): Value {
    const value = this.value(a);
    if (op === '+') return asValue(this, value);
    const fn = op === '-' ? 'neg' : 'invert';
    return locating(this.source, { from, to }, () =>
      value.kind === 'number' ? pythonUnary(fn, value) : this.arithmetic.unaryOf(fn, value),
    );
  }

  whole(node: Node, fixes = true): number {
    const value = this.value(node);
    const fractional = value.kind === 'number' && ['float', 'f64', 'f32', 'bool'].includes(value.type);
    if (value.kind === 'number' && Number.isSafeInteger(value.value) && !fractional) {
      if (fixes) for (const hole of value.holes) this.fixed.add(hole);
      return value.value + 0;
    }
    if (value.kind === 'tree' || value.kind === 'view') {
      const { shape } = this.tree(value).structure;
      if (shape.length === 0)
        throw locating(this.source, node, () => {
          throw notKnown();
        });
    }
    const what = value.kind === 'number' ? `${value.value}` : textOf(this.source, node);
    const why =
      fractional && Number.isInteger(value.value) ? `a ${value.type === 'bool' ? 'bool' : 'float'}, no int` : '';
    throw errorAt(this.source, node, 'BAD_SLICE', `${what} is ${why || 'not a whole number'}.`, {
      expected: 'whole numbers in slices',
      hint: value.kind === 'number' ? 'divide with //' : 'arrays as indices are not translated',
    });
  }

  arity(node: Call, count: string): Error {
    return errorAt(
      this.source,
      node,
      'BAD_OPERAND',
      `${node.name} was given ${node.args.length} operand${node.args.length === 1 ? '' : 's'}.`,
      { expected: count },
    );
  }
}
