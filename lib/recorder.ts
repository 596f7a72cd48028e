/**
 * Statements in, units out: (Program, fields bound to its slots, parameters). Finding the Program of a unit costs one
 * walk down a tree of small integers (statement structures and slots); a Program is built and hashed only the first
 * time its path is walked.
 */

import { type Classify, classifier } from '../jit/dynamic.js';
import type { Program, ProgramOptions } from '../jit/program.js';
import { userLabel } from './errors.js';
import { buildProgram, type Place, type RecordedStatement } from './record-program.js';
import { clock, type Storage } from './storage.js';
import { forgetStructures, type StatementStructure } from './structure.js';

/** A Program and what its users learn about it. */
export interface ProgramRecord {
  readonly program: Program;
  /** Plan id in the engine, -1 until it has been lowered. */
  plan: number;
  /** Where runs bring integers: a Plan for every class of them; see jit/dynamic.ts. */
  readonly moving?: {
    readonly classify: Classify;
    readonly plans: Map<string, number>;
    /** Of the run it was first recorded for. */
    readonly ints: readonly number[];
  };
  /** Plan ids of its loops, by how fields change places in them. */
  readonly loops: Map<string, number>;
}

/** One run of a Program. */
export interface Unit {
  readonly record: ProgramRecord;
  /** One per slot that is not transient. */
  readonly fields: readonly Storage[];
  /** One per parameter. */
  readonly params: readonly number[];
  /** One per integer of the Program. */
  readonly ints: readonly number[];
}

/** How far apart two positions are told by one integer: a sweep's stencil, not the distance of two loops. */
const NEAR = 8;
const NO_INTS: readonly number[] = [];

/** Where units go. `begin` is told whenever a unit is opened, so that none stays behind when the user's code pauses. */
export interface UnitSink {
  /** Number of ranks. */
  readonly size: number;
  begin(): void;
  unit(unit: Unit): void;
  /** These will not be used again. */
  forget(records: Iterable<ProgramRecord>): void;
}

/** Statements of one unit outside a Stencil, at most: bounds what has to be analysed and compiled in one go. */
export const MAX_STATEMENTS = 64;

/**
 * Programs kept, at most. A loop over rows (`history[k] = u`) makes one for every k, of about 10 KB with its Plan: when
 * there are this many, all are forgotten, and those still in use are built again.
 */
export const MAX_PROGRAMS = 2048;

/** A node of the tree of recorded paths. Most have one child: it is looked at first. */
class PathNode {
  private key = -1;
  private child: PathNode | undefined;
  private others: Map<number, PathNode> | undefined;
  record: ProgramRecord | undefined;
  /** Set on the first node of a statement: where it was first recorded on this path. */
  label: string | undefined;

  next(key: number): PathNode {
    if (key === this.key && this.child) return this.child;
    return this.other(key);
  }

  private other(key: number): PathNode {
    if (!this.child) {
      this.key = key;
      this.child = new PathNode();
      return this.child;
    }
    this.others ??= new Map();
    let node = this.others.get(key);
    if (!node) {
      node = new PathNode();
      this.others.set(key, node);
    }
    return node;
  }
}

export class Recorder {
  private root = new PathNode();
  private readonly programs = new Map<string, ProgramRecord>();
  private node = this.root;
  /** Storages know the slot they have in the current unit by this number. */
  private epoch = 0;
  private statements: RecordedStatement[] = [];
  private slots: Storage[] = [];
  private params: number[] = [];
  /** Integers of the unit: every place of a moving axis is one of them, or near one. */
  private ints: number[] = [];
  /** The dimension each of them counts along: those of different ones have nothing to do with each other. */
  private dims: number[] = [];
  private options: ProgramOptions | undefined;
  private label = '';
  private pinned = 0;
  private count = 0;
  /** Of the unit before this one. */
  private last: ProgramRecord | undefined;

  constructor(private readonly sink: UnitSink) {}

  /** The Programs kept, in the order they were first recorded. */
  get recorded(): Iterable<ProgramRecord> {
    return this.programs.values();
  }

  /** How many Programs were built so far. */
  get built(): number {
    return this.count;
  }

  /**
   * A statement (or the first of a group that must stay together) that writes `target` follows: ends the unit if this
   * one begins another. Outside a Stencil a time loop shows by a statement that returns: the one that opened the unit
   * (on whatever fields, since loops exchange them), or any other on the same target (a loop after a prologue). New
   * temporaries have a new target in every round: one made of the same operands (`sources`) has returned.
   */
  before(statement: StatementStructure, target: Storage, sources: readonly Storage[]): void {
    if (this.statements.length > 0 && this.pinned === 0 && this.ends(statement, target, sources)) this.cut();
  }

  private ends(statement: StatementStructure, target: Storage, sources: readonly Storage[]): boolean {
    if (statement === this.statements[0]?.structure || this.statements.length >= MAX_STATEMENTS) return true;
    // What follows a loop is not part of its last round.
    if (this.node.record !== undefined && this.node.record === this.last) return true;
    if (target.epoch !== this.epoch) {
      if (sources.length === 0 || sources.some((source) => source.epoch !== this.epoch)) return false;
      return this.statements.some(
        ({ structure, slots }) => structure === statement && sources.every((source, k) => slots[k + 1] === source.slot),
      );
    }
    return this.statements.some((other) => other.structure === statement && other.slots[0] === target.slot);
  }

  /**
   * Records one statement. `leaves` are the target's storage, then those of the value's loads, in order; `params` the
   * value's numbers, in order. All checks have been made; empty statements are not pushed. A unit has the options of
   * one grid, that of its targets: others begin another. `label` may be left out: then the stack is asked, once.
   */
  push(
    statement: StatementStructure,
    leaves: readonly Storage[],
    params: readonly number[],
    { label, ints = NO_INTS }: { label?: string; ints?: readonly number[] } = {},
  ): void {
    if (statement.target.meta.options !== this.options) this.cut();
    if (this.statements.length === 0) this.open(statement);
    let node = this.node.next(statement.id);
    if (this.statements.length === 0) {
      node.label ??= label ?? userLabel();
      this.label = node.label;
    }
    const slots: number[] = [];
    for (const storage of leaves) {
      if (storage.epoch !== this.epoch) {
        storage.epoch = this.epoch;
        storage.slot = this.slots.length;
        this.slots.push(storage);
      }
      slots.push(storage.slot);
      node = node.next(storage.slot);
    }
    for (const value of params) this.params.push(value);
    const places: Place[] = [];
    ints.forEach((at, k) => {
      const place = this.placeOf(at, statement.moving[k] ?? 0);
      places.push(place);
      node = node.next((place.int << 8) + place.offset + NEAR);
    });
    this.statements.push({ structure: statement, slots, places });
    this.node = node;
    const target = leaves[0];
    if (target) target.written = ++clock.now;
  }

  /** The number of the unit being recorded: what storages in it have as `epoch`. */
  get unit(): number {
    return this.epoch;
  }

  /** A position as one of the unit's integers and a small offset: how far things are apart is part of the Program. */
  private placeOf(at: number, dim: number): Place {
    const int = this.ints.findIndex((base, k) => this.dims[k] === dim && Math.abs(at - base) <= NEAR);
    if (int >= 0) return { int, offset: at - (this.ints[int] ?? 0) };
    this.dims.push(dim);
    return { int: this.ints.push(at) - 1, offset: 0 };
  }

  private open(statement: StatementStructure): void {
    epochs += 1;
    this.epoch = epochs;
    this.options = statement.target.meta.options;
    this.sink.begin();
  }

  /** Ends the current unit, if anything is in it, and hands it over. */
  cut(): void {
    if (this.statements.length === 0) return;
    const { statements, params, ints } = this;
    const [fields, transient] = this.outlived();
    const record = (this.node.record ??= this.recordOf(statements, fields, transient, params.length, ints));
    this.statements = [];
    this.slots = [];
    this.params = [];
    this.ints = [];
    this.dims = [];
    this.node = this.root;
    this.last = record;
    this.sink.unit({ record, fields, params, ints });
  }

  /** The unit's slots, told apart: arrays that others may ask for, and temporaries that were made and released in it. */
  private outlived(): [fields: Storage[], transient: Storage[]] {
    const fields: Storage[] = [];
    const transient: Storage[] = [];
    for (const storage of this.slots) {
      const dies = storage.born === this.epoch && storage.disposed;
      (dies ? transient : fields).push(storage);
      // The same statements with other lifetimes are another Program: part of the path.
      if (dies) this.node = this.node.next(-1 - storage.slot);
    }
    return [fields, transient];
  }

  private recordOf(
    statements: readonly RecordedStatement[],
    fields: readonly Storage[],
    transient: readonly Storage[],
    params: number,
    ints: readonly number[],
  ): ProgramRecord {
    const slots = [
      ...fields.map((storage) => storage.meta.slot),
      ...transient.map((storage) => ({ ...storage.meta.slot, transient: true as const })),
    ];
    const position = new Map([...fields, ...transient].map((storage, k) => [storage.slot, k]));
    const renumbered = statements.map(({ structure, slots: at, places }) => ({
      structure,
      places,
      slots: at.map((slot) => position.get(slot) ?? slot),
    }));
    const options = this.options ?? { odf: 1, threads: 1, contract: false };
    const program = buildProgram(this.label, slots, { params, ints: ints.length }, renumbered, options);
    const known = this.programs.get(program.key);
    if (known) return known;
    if (this.programs.size >= MAX_PROGRAMS) this.forget();
    const moving = { classify: classifier(program, this.sink.size), plans: new Map<string, number>(), ints };
    const record: ProgramRecord = { program, plan: -1, loops: new Map(), ...(ints.length > 0 && { moving }) };
    this.count++;
    this.programs.set(program.key, record);
    return record;
  }

  /** Every rank does so at the same place in its program: what ranks know of their Plans stays alike. */
  private forget(): void {
    this.sink.forget(this.programs.values());
    this.programs.clear();
    this.root = new PathNode();
    this.last = undefined;
    forgetStructures();
  }

  /** Is the body of a loop, or a Stencil's iterate, being recorded? */
  get inUnit(): boolean {
    return this.pinned > 0;
  }

  /** Whatever `body` records is one unit. */
  asUnit<T>(body: () => T): T {
    if (this.pinned === 0) this.cut();
    this.pinned++;
    try {
      return body();
    } finally {
      this.pinned--;
      if (this.pinned === 0) this.cut();
    }
  }
}

/** Storages outlive recorders (in tests), so epochs are never used twice. */
let epochs = 0;
