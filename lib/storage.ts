/**
 * What a Field is a handle of: one array's identity and its static description. `swap` exchanges the storages of two
 * Fields; views and expressions hold on to the storage they were made from, as NumPy's views do.
 */
import type { Axis, DType, ProgramOptions, SlotDecl } from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import { formatShape, type Shape } from './shape.js';

/** All that a Program may depend on of one field. Interned: equal descriptions are one object, with one id. */
export interface FieldMeta {
  readonly id: number;
  readonly slot: SlotDecl;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly options: ProgramOptions;
  /** Dimensions along which `shift` wraps around. */
  readonly periodic: readonly boolean[];
  /** Views made so far, by how they were written: slicing the same way twice costs one look-up. */
  readonly views: Map<string, ViewStructure>;
  /** Slices with integers in them, by all but the integers: see lib/sliced.ts. */
  readonly patterns: Map<string, { seen: number }>;
  /** The same views by what they are; see internView. */
  readonly canonical: Map<string, ViewStructure>;
  whole: ViewStructure | undefined;
}

/**
 * A view's static description: which field description, walked how. Interned. An axis with `dyn` moves: its position is
 * relative to an integer that comes with every use of the view (which integer of a Program that is, the recorder says).
 */
export interface ViewStructure {
  readonly meta: FieldMeta;
  readonly axes: readonly Axis[];
  /** In another order than the field's, or with new ones: see jit/program.ts, ViewRef. */
  readonly dims?: readonly number[] | undefined;
  readonly shape: Shape;
  /** Id of its load among all expression structures (lib/structure.ts). */
  readonly id: number;
}

export interface StorageOwner {
  readonly batch: number;
  /** Is its memory the owner's? (That of a temporary beside the owner's fields is not.) */
  owns?(storage: Storage): boolean;
  /** Its memory has been given back. */
  disown?(storage: Storage): void;
}

export interface Storage {
  /** Unique in this process and the same on every rank: the how-many-th storage it is. */
  readonly id: number;
  readonly name: string;
  readonly meta: FieldMeta;
  /** Field id in the engine; -1: it has no memory there (yet: see Session.nativeOf). */
  native: number;
  /** The grid whose memory it is part of; held so that the grid outlives its fields. */
  readonly owner: StorageOwner;
  disposed: boolean;
  /** The collector was asked to tell when nothing refers to it any more; see lib/memory.ts. */
  watched: boolean;
  /** Of a temporary: the unit whose statement wrote all of it first; see lib/temporary.ts. */
  born: number;
  /** Of which unit `slot` is the slot; see lib/recorder.ts. */
  epoch: number;
  slot: number;
  /** The recorder's clock when it was last written. */
  written: number;
  /** Names that a NumPy program has for it; -1: nobody counts them. See lib/numpy/program/lifetime.ts. */
  names: number;
  /** Of a Scalar, which never changes: its value, once it has come from the engine. */
  known: number | undefined;
}

const metas = new Map<string, FieldMeta>();

/** The one description with these contents. */
export function internMeta(slot: SlotDecl, options: ProgramOptions, periodic: readonly boolean[]): FieldMeta {
  const key = JSON.stringify([slot, options, periodic]);
  const known = metas.get(key);
  if (known) return known;
  const meta: FieldMeta = {
    id: metas.size + 1,
    slot,
    dtype: slot.dtype,
    shape: slot.shape,
    options,
    periodic,
    views: new Map(),
    patterns: new Map(),
    canonical: new Map(),
    whole: undefined,
  };
  metas.set(key, meta);
  return meta;
}

const optionSets = new Map<string, ProgramOptions>();

/** The one object with these options: units end where it changes. */
export function internOptions(options: ProgramOptions): ProgramOptions {
  const key = JSON.stringify([options.odf, options.threads, options.contract, options.timeTile, options.tune]);
  const known = optionSets.get(key);
  if (known) return known;
  optionSets.set(key, options);
  return options;
}

let storages = 0;

class ArrayStorage implements Storage {
  disposed = false;
  watched = false;
  born = -1;
  epoch = 0;
  slot = 0;
  written = 0;
  names = -1;
  known: number | undefined = undefined;

  constructor(
    readonly id: number,
    private readonly given: string | undefined,
    readonly meta: FieldMeta,
    public native: number,
    readonly owner: Storage['owner'],
  ) {}

  /** Made when asked for: most arrays are temporaries, and nobody asks. */
  get name(): string {
    return this.given ?? `field${this.id}`;
  }
}

/** The id of the storage that was made last. */
export function lastStorage(): number {
  return storages;
}

export function makeStorage(
  name: string | undefined,
  meta: FieldMeta,
  native: number,
  owner: Storage['owner'],
): Storage {
  return new ArrayStorage(++storages, name, meta, native, owner);
}

/**
 * Results of expressions that no Field or name holds, as they are made, while somebody wants to give them back at a
 * moment of its own; see lib/numpy/program/lifetime.ts. Else they go when the collector finds them.
 */
export const results: { noted: Storage[] | undefined } = { noted: undefined };

/** A place for what a reduction gives, or an expression of such numbers. */
export function makeResult(name: string, meta: FieldMeta, batch: number): Storage {
  const storage = makeStorage(name, meta, -1, { batch });
  results.noted?.push(storage);
  return storage;
}

/** Throws DISPOSED if its memory has been given back. */
export function checkAlive(storage: Storage): void {
  if (storage.disposed) throw disposed(`Field ${describe(storage)},`);
}

export function disposed(what: string): QuadrilleError {
  return new QuadrilleError('DISPOSED', `${what} has been disposed of.`, {
    hint: 'keep the grid until the last use of its fields; `dispose` gives their memory back',
  });
}

/** `'u', shape (4, 4), f64`. */
export function describe(storage: Storage): string {
  return `'${storage.name}', shape ${formatShape(storage.meta.shape)}, ${storage.meta.dtype}`;
}

/** Counts recorded writes: tells whether a field changed after something was built from it. */
export const clock = { now: 0 };
