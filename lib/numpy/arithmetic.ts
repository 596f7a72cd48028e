/** Values of a template and operators in, values by NumPy's rules of types out; numbers among themselves are Python's. */
import type { BinaryFn, DType, ExprType, UnaryFn } from '../../jit/program.js';
import { isComparison, promote } from '../../jit/types.js';
import type * as derived from '../derived.js';
import { fits } from '../dtype.js';
import { QuadrilleError } from '../errors.js';
import { astypeTree, binaryTree, powerTree, storageLeaf, type Tree, unaryTree } from '../expr.js';
import { foldBinary } from '../fold.js';
import { clock } from '../storage.js';
import { loadOf } from '../structure.js';
import type { BinaryOp, Span } from './ast.js';
import { BINARY_FUNCTIONS } from './binary-functions.js';
import { lifted } from './masks.js';
import {
  type Compute,
  combineNumbers,
  convertNumber,
  exprType,
  functionOfNumber,
  type Leaf,
  leafBeside,
  leafStored,
} from './number.js';
import { product } from './reduce.js';
import { errorAt } from './source.js';
import { asValue, constant, type Evaluation, isNumpyType, type NumberValue, type Value } from './value.js';
import { placesOf, storageOf } from './variant.js';

function dtypeOf(value: Value): ExprType {
  if (value.kind === 'number') return 'weak';
  if (value.kind === 'masked') return dtypeOf(value.base);
  return value.kind === 'view' ? value.view.meta.dtype : value.tree.structure.dtype;
}

export class Arithmetic {
  constructor(private readonly on: Evaluation) {}

  /** A value as part of an expression; a number as it counts beside elements of type `other`. */
  tree(value: Value, other: ExprType = 'f64'): Tree {
    switch (value.kind) {
      case 'number': {
        const { type } = value;
        const common = isNumpyType(type) ? promote(type, other) : other;
        const leaf = this.leaf(leafBeside(value, common));
        // Of NumPy's numbers the type counts as that of an array.
        return isNumpyType(type) && promote(leaf.structure.dtype, other) !== common ? astypeTree(leaf, type) : leaf;
      }
      case 'view': {
        const { view, hole, places } = value;
        for (const place of places)
          this.on.values.places[place] = this.on.places[place]?.recipe(this.on.values.numbers) ?? Number.NaN;
        const ints = placesOf(this.on.values, value);
        const leaf = storageLeaf(loadOf(view), storageOf(this.on.values, hole), clock.now, ints);
        return this.on.origins.leaf(leaf, { kind: 'storage', hole, since: undefined, places });
      }
      case 'tree':
        return value.tree;
      case 'masked':
        throw new QuadrilleError(
          'UNSUPPORTED_PYTHON',
          'An array of the elements where a condition holds is not translated.',
          {
            expected: 'u[mask] = ..., u[mask] += ..., with numbers and elements under the same mask',
            hint: 'its size would depend on the data; np.where(mask, a, b) is of known size',
          },
        );
    }
  }

  /** A value as elements of `dtype` store it. */
  stored(value: Value, dtype: DType): Tree {
    return value.kind === 'number' ? this.leaf(leafStored(value, dtype)) : this.tree(value);
  }

  private leaf({ tree, recipe, holes, whole }: Leaf): Tree {
    if (whole !== undefined) this.on.wholes.push({ recipe, whole });
    return this.on.origins.number(tree, recipe, holes);
  }

  /** Two values as operands of one operation: a number counts as what it meets. */
  private operands(a: Value, b: Value, compared = false): [Tree, Tree] {
    if (a.kind !== 'number' && b.kind !== 'number') return [this.tree(a), this.tree(b)];
    const [number, other] = a.kind === 'number' ? [a, this.tree(b)] : [b, this.tree(a)];
    const meets = compared ? this.comparable(other, number) : other;
    const leaf = this.tree(number, meets.structure.dtype);
    return number === a ? [leaf, meets] : [meets, leaf];
  }

  /** A comparison is right also with a number that i32 cannot hold. */
  private comparable(tree: Tree, number: Value): Tree {
    if (number.kind !== 'number' || tree.structure.dtype !== 'i32' || fits(number.value, 'i32')) return tree;
    for (const hole of number.holes) this.on.fixed.add(hole);
    return Number.isInteger(number.value) ? astypeTree(tree, 'i64') : tree;
  }

  binary(op: BinaryOp, a: Value, b: Value, at: Span): Value {
    if (op === '@') return product(this.on, 'The operator @', [a, b], at);
    const masked = lifted(this.on, [a, b], ([x = a, y = b]) => this.binary(op, x, y, at));
    if (masked) return masked;
    if (a.kind === 'number' && b.kind === 'number') return this.fold(op, a, b, at);
    const fn = BINARY_FUNCTIONS[op];
    return fn === 'pow' ? this.power(a, b) : this.apply(fn, a, b);
  }

  /** The value of an exponent chooses how the power is computed. */
  power(a: Value, b: Value): Value {
    if (b.kind === 'number') for (const hole of b.holes) this.on.fixed.add(hole);
    const [left, right] = this.operands(a, b);
    return { kind: 'tree', tree: powerTree(left, right) };
  }

  private fold(op: Exclude<BinaryOp, '@'>, a: NumberValue, b: NumberValue, at: Span): NumberValue {
    const divides = op === '/' || op === '//' || op === '%';
    return combineNumbers(BINARY_FUNCTIONS[op], a, b, this.on.values.numbers, divides ? this.dividing(at) : foldBinary);
  }

  /** Division refuses 0 as Python does, also when the template runs again with other numbers. */
  private dividing(at: Span): Compute {
    // Recipes are kept: they must not hold on to this evaluator and the fields it knows.
    const { source } = this.on;
    const isNumber = this.on.values.exprs.map((expr) => expr === null);
    return (fn, x, y, numbers) => {
      if (y !== 0) return foldBinary(fn, x, y);
      const holes = source.holes.map((name, i) => (isNumber[i] ? `\${${numbers[i]}}` : name));
      const message = 'A plain number is divided by zero: ZeroDivisionError in Python.';
      throw errorAt({ ...source, holes }, at, 'BAD_OPERAND', message);
    };
  }

  unaryOf(fn: UnaryFn, value: Value): Value {
    if (value.kind === 'number') return functionOfNumber(fn, value);
    const masked = lifted(this.on, [value], ([x = value]) => this.unaryOf(fn, x));
    if (masked) return masked;
    return { kind: 'tree', tree: unaryTree(fn, this.tree(value)) };
  }

  /** Two values of which a condition chooses. */
  branches(a: Value, b: Value): [Tree, Tree] {
    if (a.kind !== 'number' || b.kind !== 'number') return this.operands(a, b);
    if (!isNumpyType(a.type) && !isNumpyType(b.type)) return [this.tree(a), this.tree(b)];
    return [this.tree(a, exprType(b)), this.tree(b, exprType(a))];
  }

  /** Of what the template's values are. */
  readonly algebra: derived.Algebra<Value> = {
    number: (x) => constant(x, 'float'),
    same: (a) => asValue(this.on, a),
    dtype: dtypeOf,
    unary: (fn, a) => this.unaryOf(fn, a),
    binary: (fn, a, b) => this.apply(fn, a, b),
  };

  apply(fn: BinaryFn, a: Value, b: Value): Value {
    if (a.kind === 'number' && b.kind === 'number') return combineNumbers(fn, a, b, this.on.values.numbers);
    const masked = lifted(this.on, [a, b], ([x = a, y = b]) => this.apply(fn, x, y));
    if (masked) return masked;
    const [left, right] = this.operands(a, b, isComparison(fn));
    return { kind: 'tree', tree: binaryTree(fn, left, right) };
  }

  /** As np.asarray(value, dtype) converts. */
  converted(value: Value, dtype: DType): Value {
    const masked = lifted(this.on, [value], ([x = value]) => this.converted(x, dtype));
    if (masked) return masked;
    if (value.kind !== 'number') return { kind: 'tree', tree: astypeTree(this.tree(value), dtype) };
    if (dtype === 'f64' || dtype === 'bool') return convertNumber(value, dtype);
    const whole = dtype === 'f32' ? value : convertNumber(value, 'int');
    return { kind: 'tree', tree: astypeTree(this.tree(whole, dtype), dtype) };
  }
}
