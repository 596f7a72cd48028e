/** Calls that see an array otherwise (transpose, flip, reshape, roll, ...) in, the view, or what gives it, out. */
import type { Walk } from '../../jit/view.js';
import type { Tree } from '../expr.js';
import { flipped, moved, reshaped, swapped, transposed } from '../order.js';
import { rolled, rollOf } from '../roll.js';
import type { Shape } from '../shape.js';
import type { Call, Node, Span } from './ast.js';
import { VIEW_NAMES } from './functions.js';
import { errorAt, textOf } from './source.js';
import type { Subscripts } from './subscripts.js';
import { asValue, type Evaluation, type Value, type ViewValue } from './value.js';

export class ViewCalls {
  constructor(
    private readonly on: Evaluation,
    private readonly subscripts: Subscripts,
    /** Records the present value of an expression as an array of its own. */
    private readonly temporary: (at: Span, name: string, tree: Tree) => ViewValue,
  ) {}

  /** The array that `node` is, walked otherwise. */
  turned(node: Node, by: (shape: Shape) => Walk): Value {
    const base = this.on.value(node);
    if (base.kind === 'number' || base.kind === 'masked') {
      throw errorAt(this.on.source, node, 'BAD_OPERAND', `${textOf(this.on.source, node)} has no dimensions to turn.`, {
        expected: 'an array',
      });
    }
    return this.subscripts.walked(base, by(base.kind === 'view' ? base.view.shape : base.tree.structure.shape));
  }

  /** np.transpose(a, axes), np.flip(a, axis=0), a.swapaxes(0, 1), ... */
  viewed(node: Call | Extract<Node, { kind: 'method' }>, a: Node | undefined, args: readonly Node[]): Value {
    const { name } = node;
    const names = VIEW_NAMES[name] ?? [];
    const given: (Node | undefined)[] = [...args];
    for (const keyword of node.keywords) {
      const at = names.indexOf(keyword.name);
      if (at < 0 || given[at]) {
        const what = `The argument ${keyword.name}= of ${name} is not translated.`;
        throw errorAt(this.on.source, keyword, 'UNSUPPORTED_PYTHON', what);
      }
      given[at] = keyword.value;
    }
    const spread = name === 'transpose' || name === 'reshape';
    if (!a || (!spread && given.length > names.length)) {
      throw errorAt(this.on.source, node, 'BAD_OPERAND', `${name} was given ${args.length} arguments.`, {
        expected: ['an array', ...names].join(', '),
      });
    }
    const numbers = given.flatMap((one) => (one ? this.numbers(one) : []));
    const [first = 0, second = 0] = numbers;
    return this.turned(a, (shape) => {
      switch (name) {
        case 'swapaxes':
          return swapped(shape, first, second);
        case 'moveaxis':
          return moved(shape, first, second);
        case 'flip':
          return flipped(shape, numbers.length === 0 ? undefined : numbers);
        case 'flipud':
          return flipped(shape, 0);
        case 'fliplr':
          return flipped(shape, 1);
        case 'reshape':
          return reshaped(shape, numbers);
        default:
          return transposed(shape, numbers);
      }
    });
  }

  /** A whole number, or a tuple of them. */
  private numbers(node: Node): number[] {
    return node.kind === 'tuple' ? node.items.map((item) => this.on.whole(item)) : [this.on.whole(node)];
  }

  /** np.roll(field, shift, axis=...). */
  roll(node: Call): Value {
    const [what, shift, axis, extra] = node.args;
    const named = (name: string): Node | undefined => node.keywords.find((keyword) => keyword.name === name)?.value;
    for (const keyword of node.keywords) {
      if (keyword.name !== 'shift' && keyword.name !== 'axis')
        throw errorAt(
          this.on.source,
          keyword,
          'UNSUPPORTED_PYTHON',
          `The argument ${keyword.name}= of roll is not translated.`,
        );
    }
    const by = shift ?? named('shift');
    if (!what || !by || extra) throw this.on.arity(node, 'a field, a shift and an axis');
    const along = axis ?? named('axis');
    const base = this.on.value(what);
    if (base.kind === 'number')
      throw errorAt(this.on.source, what, 'BAD_OPERAND', 'np.roll of a plain number.', { expected: 'an array' });
    let tree = this.on.tree(base);
    const shifts = this.numbers(by);
    const axes = along && this.numbers(along);
    // Several shifts are rolls one after the other; one of both may stand for all.
    const count = Math.max(shifts.length, axes?.length ?? 1);
    if (shifts.length !== axes?.length && shifts.length > 1 && (axes?.length ?? 0) > 1)
      throw errorAt(this.on.source, node, 'BAD_OPERAND', 'np.roll: as many shifts as axes are expected.');
    if (shifts.length > 1 && !axes)
      throw errorAt(
        this.on.source,
        by,
        'UNSUPPORTED_PYTHON',
        'np.roll of several shifts without axis is not translated.',
        {
          hint: 'name the axes: np.roll(u, (1, 1), axis=(0, 1))',
        },
      );
    let value: Value = { kind: 'tree', tree };
    for (let k = 0; k < count; k++) {
      const axis = axes && (axes.length === 1 ? axes[0] : axes[k]);
      const [shiftBy, dim] = rollOf(tree.structure.shape, (shifts.length === 1 ? shifts[0] : shifts[k]) ?? 0, axis);
      const moved = this.on.origins.rolled(tree, dim, shiftBy);
      if (moved) value = { kind: 'tree', tree: moved };
      else {
        const own = this.temporary(what, 'rolled', tree);
        value = asValue(this.on, { ...own, view: rolled(own.view.meta, shiftBy, dim) });
      }
      tree = this.on.tree(value);
    }
    return value;
  }
}
