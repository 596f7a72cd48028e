/** The np`...` tag: NumPy text with fields and numbers in it, recorded as the fluent dialect is. */
import { QuadrilleError } from '../errors.js';
import { Expr, exprOf, type Operand, type Tree } from '../expr.js';
import { Field } from '../field.js';
import { looping } from '../looping.js';
import { session } from '../session.js';
import { View } from '../sliceable.js';
import { wholeView } from '../structure.js';
import type { Statement } from './ast.js';
import { lower } from './lower.js';
import { parse } from './parse.js';
import { Replay } from './replay.js';
import { makeSource, type Source, withNames } from './source.js';
import type { Mold } from './value.js';
import { fill, matches, placesOf, prepare, run, storageOf, Values, type Variant } from './variant.js';

/** What can be interpolated. */
export type Given = Operand;

/** A template whose slices or exponents keep changing must not keep them all. */
const MOST_VARIANTS = 64;

/** NumPy text: parsed once, lowered once for every combination of kinds of values it meets. */
export class Template {
  /** Most recently made last. */
  #variants: Variant[] = [];
  #last: Variant | undefined;
  /** Values that went into slices and were seen to change: positions from then on. */
  readonly #moving = new Set<number>();

  constructor(
    private readonly source: Source,
    private readonly statements: readonly Statement[],
    /** `file:line`, or the stack is asked. */
    private readonly label?: string,
  ) {}

  /** Records the statements; gives the expression, if it is one. */
  apply(given: readonly Given[]): Expr {
    const values = new Values(given);
    let variant = this.#last;
    // The body of grid.loop is recorded once: its integers are the same in every step.
    const still = looping.watch !== undefined;
    const fits = (one: Variant): boolean => (!still || one.places.length === 0) && matches(one, values);
    if (variant === undefined || !fits(variant)) {
      variant = this.#variants.find(fits);
      if (variant === undefined) {
        if (!still) this.#noteMoving(values);
        const source = withNames(this.source, given.map(nameOf));
        variant = lower(source, this.statements, values, still ? NOWHERE : this.#moving, this.label);
        matches(variant, values); // notes where its moving axes are
        this.#variants = [...this.#variants.slice(1 - MOST_VARIANTS), variant];
      }
      this.#last = variant;
    }
    if (!variant.result) {
      run(variant, values, session);
      return NOTHING;
    }
    const reduced = variant.steps.length > 0 ? prepare(variant, values, session) : [];
    return (variant.isView && viewOf(variant.result, values)) || exprOf(fill(variant.result, values, reduced));
  }

  /** What applying it to these values has done, to be done again. */
  replayOf(given: readonly Given[]): Replay | undefined {
    const values = new Values(given);
    return this.#last && matches(this.#last, values) ? Replay.of(this.#last, values) : undefined;
  }

  /** Which values differ from those of a variant that fits otherwise? */
  #noteMoving({ codes, numbers }: Values): void {
    for (const variant of this.#variants) {
      if (variant.codes.some((code, i) => code !== codes[i])) continue;
      for (const { hole, value } of variant.fixed) if (!Object.is(numbers[hole], value)) this.#moving.add(hole);
    }
  }
}

/** What NumPy gives a view for (a slice, a transpose; no roll, no +u): it can be assigned to and sees later writes. */
function viewOf({ structure, op }: Mold, values: Values): Field | View | undefined {
  if (op?.kind !== 'storage' || structure.op !== 'load') return undefined;
  const expr = values.exprs[op.hole];
  if (expr instanceof Field && structure.view === wholeView(expr.storage.meta)) return expr;
  return new View(storageOf(values, op.hole), structure.view, placesOf(values, op));
}

const NOWHERE: ReadonlySet<number> = new Set();

const templates = new WeakMap<TemplateStringsArray, Template>();

/**
 * NumPy text, with Fields, Views, expressions, numbers and booleans interpolated. Several lines, comments, chained and
 * augmented assignment, names for parts of an expression, and `x, y = y, x`, which exchanges two Fields. `${x} = ...` assigns to
 * all of x. A template that is one expression gives it. Throws SYNTAX, UNSUPPORTED_PYTHON and UNKNOWN_NAME with line and
 * column, and what operators throw.
 */
export function np(strings: TemplateStringsArray, ...given: Given[]): Expr {
  return (templates.get(strings) ?? make(strings, given)).apply(given);
}

function make(strings: TemplateStringsArray, given: readonly unknown[]): Template {
  const source = makeSource(strings.raw, given.map(nameOf));
  const template = new Template(source, parse(source));
  templates.set(strings, template);
  return template;
}

function nameOf(value: unknown): string | undefined {
  return value instanceof Field ? value.name : typeof value === 'number' ? String(value) : undefined;
}

/** What a template of statements gives: it cannot be used. */
class Nothing extends Expr {
  override tree(): Tree {
    throw new QuadrilleError('BAD_OPERAND', 'A template of statements has no value.', {
      expected: 'a template that is one expression',
    });
  }
}

/** Of statements. */
export const NOTHING: Expr = new Nothing();
