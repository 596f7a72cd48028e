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
const PLACES = 2 * NEAR + 1;
const NO_INTS: readonly number[] = [];
const NO_STORAGES: readonly Storage[] = [];

/** Where units go. `begin` is told whenever a unit is opened, so that none stays behind when the user's code pauses. */
export interface UnitSink {
  /** Number of ranks. */
  readonly size: number;
  begin(): void;
  /** Would memory be used again for `target`, instead of new, if the unit at hand (its storages) ended before it? */
  waitsFor(target: Storage, unit: readonly Storage[]): boolean;
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
  /** Of the unit, in lists that are written over: a statement that is met again costs no memory. */
  private readonly statements: StatementStructure[] = [];
  /** Slots of all statements, target first, and where those of each begin; places likewise. */
  private readonly leaves: number[] = [];
  private readonly firstLeaf: number[] = [];
  private readonly places: number[] = [];
  private readonly firstPlace: number[] = [];
  /** How much of the lists is of this unit. */
  private length = 0;
  private leafCount = 0;
  private placeCount = 0;
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

  /** Statements of the unit at hand. */
  get statementCount(): number {
    return this.length;
  }

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
   * temporaries have a new target in every round: one made of the same operands (`sources`) has returned. A unit also
   * ends where a large array would take new memory while the unit holds on to what it fits in.
   */
  before(statement: StatementStructure, target: Storage, sources: readonly Storage[]): void {
    if (this.length === 0 || this.pinned > 0) return;
    if (this.ends(statement, target, sources) || (target.native < 0 && this.sink.waitsFor(target, this.slots)))
      this.cut();
  }

  private ends(statement: StatementStructure, target: Storage, sources: readonly Storage[]): boolean {
    if (statement === this.statements[0] || this.length >= MAX_STATEMENTS) return true;
    // What follows a loop is not part of its last round.
    if (this.node.record !== undefined && this.node.record === this.last) return true;
    if (target.epoch !== this.epoch) {
      if (sources.length === 0 || sources.some((source) => source.epoch !== this.epoch)) return false;
      return this.some(statement, (first) => sources.every((source, k) => this.leaves[first + 1 + k] === source.slot));
    }
    return this.some(statement, (first) => this.leaves[first] === target.slot);
  }

  /** Does `holds` of a statement of this structure, given where its slots begin? */
  private some(structure: StatementStructure, holds: (first: number) => boolean): boolean {
    for (let k = 0; k < this.length; k++) {
      if (this.statements[k] === structure && holds(this.firstLeaf[k] ?? 0)) return true;
    }
    return false;
  }

  /**
   * Records one statement. `sources` are the storages of the value's loads, in order; `params` its numbers, `ints` where
   * moving axes are: the target's, then the sources'. All checks have been made; empty statements are not pushed. A unit
   * has the options of one grid, that of its targets: others begin another. `label` may be left out: then the stack is
   * asked, once.
   */
  push(
    statement: StatementStructure,
    target: Storage,
    sources: readonly Storage[],
    params: readonly number[],
    ints: readonly number[] = NO_INTS,
    label?: string,
  ): void {
    if (statement.target.meta.options !== this.options) this.cut();
    if (this.length === 0) this.open(statement);
    const at = this.length++;
    this.statements[at] = statement;
    this.firstLeaf[at] = this.leafCount;
    this.firstPlace[at] = this.placeCount;
    let node = this.node.next(statement.id);
    if (at === 0) {
      node.label ??= label ?? userLabel();
      this.label = node.label;
    }
    node = node.next(this.slotOf(target));
    for (const storage of sources) node = node.next(this.slotOf(storage));
    for (const value of params) this.params.push(value);
    for (let k = 0; k < ints.length; k++) {
      const place = this.placeOf(ints[k] ?? 0, statement.moving[k] ?? 0);
      this.places[this.placeCount++] = place;
      node = node.next(place);
    }
    this.node = node;
    target.written = ++clock.now;
  }

  /** The storage's number in the unit; it gets one where it has none. */
  private slotOf(storage: Storage): number {
    if (storage.epoch !== this.epoch) {
      storage.epoch = this.epoch;
      storage.slot = this.slots.push(storage) - 1;
    }
    this.leaves[this.leafCount++] = storage.slot;
    return storage.slot;
  }

  /** The number of the unit being recorded: what storages in it have as `epoch`. */
  get unit(): number {
    return this.epoch;
  }

  /**
   * A position as one of the unit's integers and a small offset, in one number: how far things are apart is part of the
   * Program.
   */
  private placeOf(at: number, dim: number): number {
    for (let int = 0; int < this.ints.length; int++) {
      const offset = at - (this.ints[int] ?? 0);
      if (this.dims[int] === dim && Math.abs(offset) <= NEAR) return int * PLACES + offset + NEAR;
    }
    this.dims.push(dim);
    return (this.ints.push(at) - 1) * PLACES + NEAR;
  }

  private open(statement: StatementStructure): void {
    epochs += 1;
    this.epoch = epochs;
    this.options = statement.target.meta.options;
    this.sink.begin();
  }

  /** Ends the current unit, if anything is in it, and hands it over. */
  cut(): void {
    if (this.length === 0) return;
    const { params } = this;
    const ints = this.ints.length > 0 ? this.ints : NO_INTS;
    const [fields, transient] = this.outlived();
    const record = (this.node.record ??= this.recordOf(
      this.recordedStatements(),
      fields,
      transient,
      params.length,
      ints,
    ));
    this.length = this.leafCount = this.placeCount = 0;
    this.slots = [];
    this.params = [];
    if (ints.length > 0) {
      this.ints = [];
      this.dims = [];
    }
    this.node = this.root;
    this.last = record;
    this.sink.unit({ record, fields, params, ints });
  }

  private recordedStatements(): RecordedStatement[] {
    return this.statements.slice(0, this.length).map((structure, k) => {
      const [leaf, place] = [this.firstLeaf[k], this.firstPlace[k]];
      const [nextLeaf, nextPlace] =
        k + 1 < this.length ? [this.firstLeaf[k + 1], this.firstPlace[k + 1]] : [this.leafCount, this.placeCount];
      const places = this.places.slice(place, nextPlace).map((packed): Place => {
        return { int: Math.floor(packed / PLACES), offset: (packed % PLACES) - NEAR };
      });
      return { structure, slots: this.leaves.slice(leaf, nextLeaf), places };
    });
  }

  /** The unit's slots, told apart: arrays that others may ask for, and temporaries that were made and released in it. */
  private outlived(): [fields: readonly Storage[], transient: readonly Storage[]] {
    const { epoch } = this;
    if (!this.slots.some((storage) => storage.born === epoch && storage.disposed)) return [this.slots, NO_STORAGES];
    const fields: Storage[] = [];
    const transient: Storage[] = [];
    for (const storage of this.slots) {
      const dies = storage.born === epoch && storage.disposed;
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

  /** A loop begins that is known to be one: what stands before it is no part of its first round. */
  loopBegins(): void {
    if (this.pinned === 0) this.cut();
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
