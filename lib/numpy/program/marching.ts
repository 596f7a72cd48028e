/**
 * `for i in range(1, n): A[i, 1:-1] += A[i - 1, :-2]` in; its rounds recorded at once out. Where a body does nothing but
 * assign to arrays, at places that follow the loop variable, a few rounds tell what all others record (lib/march.ts):
 * these are handed over as one march, but for the last round, which leaves names as Python does.
 */
import { movedOn, staysInside, stepBetween } from '../../march.js';
import type { ProgramRecord, Unit } from '../../recorder.js';
import { session } from '../../session.js';
import type { Code } from './code.js';
import type { Frame } from './frame.js';
import { isTextFunction } from './known-functions.js';
import type { Names } from './names.js';
import { childrenOf } from './scope.js';
import type { Expression, Statement, SubscriptNode } from './syntax.js';
import { isArray, isScalar, type Range, type Value } from './values.js';

/** Rounds that must be spared. */
const LEAST = 2;
/** Rounds that a loop has to become steady. */
const MOST_TRIES = 8;

type ForLoop = Extract<Statement, { kind: 'for' }>;

/** What rounds of a loop were found to record, and how far they move on when the variable does by `step`. */
interface Found {
  readonly record: ProgramRecord;
  readonly by: readonly number[];
  readonly step: bigint;
}

/** A loop that may be a march: what only running tells is asked then. */
export class Marching {
  /** In the last run of the loop. */
  found: Found | undefined;

  private constructor(
    /** Names whose values are sliced: arrays. */
    private readonly sliced: readonly Code<Value>[],
    /** All others: arrays or numbers. */
    private readonly others: readonly Code<Value>[],
    /** Do positions move as far as the variable does, whatever other names stand for? */
    readonly isPlain: boolean,
  ) {}

  /** Undefined: rounds may differ in more than positions. */
  static of(node: ForLoop, names: Names): Marching | undefined {
    if (node.target.kind !== 'name' || node.body.length === 0) return undefined;
    const body = new Body(node.target.name, node.body, names);
    if (!node.body.every((statement) => body.accepts(statement))) return undefined;
    const codeOf = (name: string): Code<Value> => names.value({ kind: 'name', name, from: node.from, to: node.from });
    const others = [...body.read].filter((name) => !body.sliced.has(name));
    return new Marching([...body.sliced].map(codeOf), others.map(codeOf), !body.multiplies);
  }

  /** Are the names, as they stand, those of arrays and numbers? */
  fits(frame: Frame): boolean {
    const all = (codes: readonly Code<Value>[], holds: (value: Value) => boolean): boolean =>
      codes.every(({ plain }) => plain !== undefined && holds(plain(frame)));
    const isSliced = (value: Value): boolean => isArray(value) && value.shape.length > 0;
    return all(this.sliced, isSliced) && all(this.others, (value) => isArray(value) || isScalar(value));
  }
}

/** One run of a loop, watched until `end` is called: what each of its rounds records. */
export class Rounds {
  /** Of the round at hand. */
  #units = 0;
  #unit: Unit | undefined;
  /** The units that the last two rounds ended, if each ended one. */
  #ended: readonly (Unit | undefined)[] = [];
  /** How many statements were in the unit that each of the last three rounds left open. */
  #open: readonly number[] = [];
  /** Rounds before this one have been recorded. */
  #done = 0;
  watching = true;

  constructor(
    private readonly marching: Marching,
    private readonly range: Range,
    private readonly frame: Frame,
  ) {
    // What stands before the loop would be in its first round's unit.
    if (marching.found && range.length > LEAST) session.recorder.loopBegins();
    session.noted = (unit) => {
      this.#units++;
      this.#unit = unit;
    };
  }

  /** Has the round with this number been recorded with an earlier one? */
  isDone(round: number): boolean {
    return round < this.#done;
  }

  /** So many rounds are over. */
  ended(rounds: number): void {
    // The last one stays.
    const spared = this.range.length - rounds - 1;
    if (rounds > MOST_TRIES || spared < LEAST) {
      this.end();
      return;
    }
    this.#ended = [this.#ended.at(-1), this.#units === 1 ? this.#unit : undefined];
    this.#open = [...this.#open.slice(-2), session.recorder.statementCount];
    this.#units = 0;
    const last = this.#ended.at(-1);
    const by = last && this.#stepTo(last);
    // The unit that is open follows `last`.
    if (!by || !staysInside(last.record.program, movedOn(last.ints, by, 1 + spared))) return;
    if (!this.marching.fits(this.frame)) return;
    this.end();
    session.recorder.cut();
    session.march({ ...last, ints: movedOn(last.ints, by, 2) }, by, spared);
    this.#done = rounds + spared;
  }

  /** By how much integers move on from unit to unit; undefined: units are not yet, or not known to be, one per round. */
  #stepTo(last: Unit): readonly number[] | undefined {
    const { marching, range } = this;
    const { record } = last;
    const { length } = record.program.statements;
    // Each unit holds the statements of one round: as many as the rounds leave open.
    const steady = (rounds: number): boolean =>
      this.#open.length >= rounds && this.#open.slice(-rounds).every((open) => open === length);
    const { found } = marching;
    if (found?.record === record && found.step === range.step && steady(2)) return found.by;
    const [before] = this.#ended;
    if (!before || !steady(3)) return undefined;
    const by = stepBetween(before, last);
    marching.found = by && marching.isPlain ? { record, by, step: range.step } : undefined;
    return by;
  }

  end(): void {
    if (this.watching) session.noted = undefined;
    this.watching = false;
  }
}

/** The statements of a loop's body, read one after the other. */
class Body {
  /** Names whose value is asked for, unless the body has given it. */
  readonly read = new Set<string>();
  readonly sliced = new Set<string>();
  /** Does a position move by a multiple of what the variable does? */
  multiplies = false;
  /** Names that the body gives a value, and those it has given one up to here. */
  readonly #bound: ReadonlySet<string>;
  readonly #given = new Set<string>();

  constructor(
    private readonly variable: string,
    body: readonly Statement[],
    private readonly names: Names,
  ) {
    const targets = body.flatMap((statement) => (statement.kind === 'assign' ? statement.targets : []));
    this.#bound = new Set(targets.flatMap((target) => (target.kind === 'name' ? [target.name] : [])));
  }

  accepts(statement: Statement): boolean {
    if (this.#bound.has(this.variable)) return false;
    switch (statement.kind) {
      case 'pass':
        return true;
      case 'update':
        return (
          statement.op !== '@' &&
          statement.target.kind === 'subscript' &&
          this.#slice(statement.target) &&
          this.#value(statement.value)
        );
      case 'assign': {
        if (!this.#value(statement.value)) return false;
        return statement.targets.every((target) => {
          if (target.kind === 'subscript') return this.#slice(target);
          if (target.kind !== 'name' || !this.names.isPrivate(target.name)) return false;
          this.#given.add(target.name);
          return true;
        });
      }
      default:
        return false;
    }
  }

  /** Is it the same in every round, but for where it slices? */
  #value(node: Expression): boolean {
    switch (node.kind) {
      case 'int':
      case 'float':
      case 'bool':
      case 'none':
        return true;
      case 'name':
        return this.#name(node.name);
      case 'attribute':
        return this.names.imported(node) !== undefined;
      case 'unary':
        return this.#value(node.a);
      case 'binary':
        return node.op !== '@' && this.#value(node.a) && this.#value(node.b);
      case 'compare':
        return node.ops.length === 1 && node.operands.every((each) => this.#value(each));
      case 'call': {
        const imported = this.names.imported(node.callee);
        const known = imported?.module === 'numpy' && isTextFunction(imported.path) && node.keywords.length === 0;
        return known && node.args.every((each) => this.#value(each));
      }
      case 'subscript':
        return this.#slice(node);
      default:
        return false;
    }
  }

  #name(name: string): boolean {
    // What a round leaves to the next one is more than arrays' elements.
    if (name === this.variable || (this.#bound.has(name) && !this.#given.has(name))) return false;
    if (!this.names.isBound(name)) return this.names.imported({ kind: 'name', name, from: 0, to: 0 }) !== undefined;
    this.read.add(name);
    return true;
  }

  #slice({ a, items }: SubscriptNode): boolean {
    if (a.kind !== 'name' || !this.names.isBound(a.name) || !this.#name(a.name)) return false;
    this.sliced.add(a.name);
    return items.every((item) => {
      if (item.kind === 'ellipsis') return true;
      if (item.kind === 'index') return this.#isAffine(item.at);
      return [item.start, item.stop, item.step].every((part) => part === undefined || this.#value(part));
    });
  }

  /** A position that moves on by the same number in every round, or stays. */
  #isAffine(node: Expression): boolean {
    if (node.kind === 'name' && node.name === this.variable) return true;
    if (!this.#mentions(node)) return this.#value(node);
    if (node.kind === 'unary') return node.op !== '~' && this.#isAffine(node.a);
    if (node.kind !== 'binary') return false;
    const { op, a, b } = node;
    if (op === '+' || op === '-') return this.#isAffine(a) && this.#isAffine(b);
    this.multiplies = true;
    return op === '*' && this.#isAffine(a) && this.#isAffine(b) && !(this.#mentions(a) && this.#mentions(b));
  }

  #mentions(node: Expression): boolean {
    return (node.kind === 'name' && node.name === this.variable) || childrenOf(node).some((kid) => this.#mentions(kid));
  }
}
