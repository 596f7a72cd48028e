/** Calls of functions and methods in, their values by NumPy's rules out. */
import type { DType } from '../../jit/program.js';
import { isFloat } from '../../jit/types.js';
import * as derived from '../derived.js';
import { dtypeOfNumpy } from '../dtype.js';
import { didYouMean } from '../errors.js';
import { whereTree } from '../expr.js';
import type { Arithmetic } from './arithmetic.js';
import type { Call, Node } from './ast.js';
import {
  BINARY_NAMES,
  DERIVED_NAMES,
  FOLDED_NAMES,
  KNOWN_NAMES,
  REDUCTIONS,
  UNARY_NAMES,
  VIEW_NAMES,
} from './functions.js';
import { convertNumber } from './number.js';
import { reduction } from './reduce.js';
import { errorAt, textOf } from './source.js';
import { asValue, type Evaluation, type Value } from './value.js';
import type { ViewCalls } from './view-calls.js';

const PYTHON_TYPES: ReadonlySet<string> = new Set(['float', 'int', 'bool']);

export class Calls {
  constructor(
    private readonly on: Evaluation,
    private readonly arithmetic: Arithmetic,
    private readonly views: ViewCalls,
  ) {}

  call(node: Call): Value {
    const { name, prefixed, args, keywords } = node;
    if (name === 'roll') return this.views.roll(node);
    if (prefixed && Object.hasOwn(VIEW_NAMES, name)) return this.views.viewed(node, args[0], args.slice(1));
    const dtype = dtypeOfNumpy(name);
    if (dtype && (prefixed || PYTHON_TYPES.has(name))) return this.conversion(node, dtype);
    const elementwise = Object.hasOwn(FOLDED_NAMES, name) && !prefixed && args.length > 1;
    if (!elementwise && REDUCTIONS.has(name)) return reduction(this.on, node);
    const known =
      name === 'where' ||
      [UNARY_NAMES, BINARY_NAMES, FOLDED_NAMES, DERIVED_NAMES].some((table) => Object.hasOwn(table, name));
    if (!known) {
      const code = prefixed ? 'UNSUPPORTED_PYTHON' : 'UNKNOWN_NAME';
      throw errorAt(
        this.on.source,
        node,
        code,
        `${prefixed ? 'np.' : ''}${name} is not ${prefixed ? 'translated' : 'known here'}.`,
        { hint: didYouMean(name, KNOWN_NAMES) },
      );
    }
    if (Object.hasOwn(DERIVED_NAMES, name)) return this.derived(node);
    const [keyword] = keywords;
    if (keyword)
      throw errorAt(
        this.on.source,
        keyword,
        'UNSUPPORTED_PYTHON',
        `The argument ${keyword.name}= of ${name} is not translated.`,
      );
    const operands = args.map((arg) => this.on.value(arg));
    const [a, b, c] = operands;
    if (name === 'where') {
      if (a && !b) {
        throw errorAt(this.on.source, node, 'UNSUPPORTED_PYTHON', 'np.where of one argument is not translated.', {
          hint: 'the number of indices it gives depends on the data; assign with a condition: u[mask] = value',
        });
      }
      if (!a || !b || !c || operands.length > 3) throw this.on.arity(node, '3');
      if (a.kind === 'number')
        throw errorAt(this.on.source, node, 'BAD_OPERAND', 'The condition of where is a plain number or boolean.', {
          hint: 'choose in JavaScript: ${flag ? a : b}',
        });
      return { kind: 'tree', tree: whereTree(this.arithmetic.tree(a), ...this.arithmetic.branches(b, c)) };
    }
    const unary = Object.hasOwn(UNARY_NAMES, name) ? UNARY_NAMES[name] : undefined;
    if (unary) {
      if (!a || b) throw this.on.arity(node, '1');
      return this.arithmetic.unaryOf(unary, name === 'fabs' ? this.floating(a) : a);
    }
    const folded = Object.hasOwn(FOLDED_NAMES, name) ? FOLDED_NAMES[name] : undefined;
    const fn = folded ?? BINARY_NAMES[name];
    if (!fn || !a || !b || (c && !folded)) throw this.on.arity(node, folded ? 'two or more' : '2');
    if (name === 'float_power') return this.arithmetic.apply(fn, this.double(a), this.double(b));
    if (fn === 'pow' && b.kind === 'number' && a.kind !== 'number') return this.arithmetic.power(a, b);
    return operands.slice(1).reduce((left, right) => this.arithmetic.apply(fn, left, right), a);
  }

  /** np.fabs makes floats of integers. */
  private floating(value: Value): Value {
    if (value.kind === 'number') return value;
    const { dtype } = this.on.tree(value).structure;
    return dtype === 'f32' || dtype === 'f64' || dtype === 'weak' ? value : this.arithmetic.converted(value, 'f64');
  }

  /** np.float_power computes in float64. */
  private double(value: Value): Value {
    return value.kind === 'number' ? value : this.arithmetic.converted(value, 'f64');
  }

  private derived(node: Call): Value {
    const { name } = node;
    const names = DERIVED_NAMES[name] ?? [];
    if (node.args.length > names.length) throw this.on.arity(node, `at most ${names.length}`);
    const given: (Node | undefined)[] = [...node.args];
    for (const keyword of node.keywords) {
      const at = names.findIndex((aliases) => aliases.includes(keyword.name));
      if (at < 0 || given[at]) {
        const what = `The argument ${keyword.name}= of ${name} is not translated.`;
        throw errorAt(this.on.source, keyword, 'UNSUPPORTED_PYTHON', what);
      }
      given[at] = keyword.value;
    }
    const [first, second, third] = given;
    if (!first) throw this.on.arity(node, `${names.length}`);
    const a = this.on.value(first);
    switch (name) {
      case 'positive':
        return asValue(this.on, a);
      case 'clip':
        if (!second || !third) throw this.on.arity(node, '3');
        return derived.clip(this.arithmetic.algebra, a, this.on.value(second), this.on.value(third));
      case 'deg2rad':
      case 'radians':
        return derived.deg2rad(this.arithmetic.algebra, a);
      case 'rad2deg':
      case 'degrees':
        return derived.rad2deg(this.arithmetic.algebra, a);
      default:
        return derived.round(this.arithmetic.algebra, a, second ? this.on.whole(second) : 0);
    }
  }

  /** a.astype(dtype), a.transpose(1, 0), ... */
  method(node: Extract<Node, { kind: 'method' }>): Value {
    const { name, args, keywords } = node;
    const [dtype, extra] = args;
    if (Object.hasOwn(VIEW_NAMES, name) && !name.startsWith('flip')) return this.views.viewed(node, node.a, args);
    if (name !== 'astype') {
      throw errorAt(this.on.source, node, 'UNSUPPORTED_PYTHON', `The method .${name} is not translated.`, {
        hint: `functions of np are: np.${name}(x)`,
      });
    }
    const [keyword] = keywords;
    if (!dtype || extra || keyword)
      throw errorAt(this.on.source, node, 'BAD_OPERAND', 'astype takes one dtype.', {
        expected: 'x.astype(np.float32)',
      });
    return this.arithmetic.converted(this.on.value(node.a), this.dtype(dtype));
  }

  /** np.float32, float, 'f4', ... */
  private dtype(node: Node): DType {
    const name = node.kind === 'constant' || node.kind === 'name' ? node.name : node.kind === 'string' ? node.text : '';
    const dtype = dtypeOfNumpy(name);
    if (dtype) return dtype;
    throw errorAt(this.on.source, node, 'BAD_DTYPE', `There is no dtype ${textOf(this.on.source, node)}.`, {
      expected: 'np.float64, np.float32, np.int64, np.int32, np.bool_, or float, int, bool',
    });
  }

  /** np.float32(x), and Python's own float(x), int(x), bool(x) of a number. */
  private conversion(node: Call, dtype: DType): Value {
    const [arg, extra] = node.args;
    if (!arg || extra) throw this.on.arity(node, '1');
    const value = this.on.value(arg);
    if (node.prefixed) return this.arithmetic.converted(value, dtype);
    if (value.kind === 'number')
      return convertNumber(value, isFloat(dtype) ? 'float' : dtype === 'bool' ? 'bool' : 'int');
    throw errorAt(this.on.source, node, 'BAD_OPERAND', `${node.name}() of an array is a TypeError in Python.`, {
      hint: `${textOf(this.on.source, arg)}.astype(${node.name})`,
    });
  }
}
