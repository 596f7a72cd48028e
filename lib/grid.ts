/** Grid: a shape cut among ranks, and the fields that lie on it. */
import { chooseProcessGrid } from '../jit/decompose.js';
import type { Decomposition, DType, ProgramOptions, Tune } from '../jit/program.js';
import { shareOf, writeBlock } from './block.js';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.js';
import { checkDType, type NumberDType } from './dtype.js';
import { checkOptions, guarded, QuadrilleError, show } from './errors.js';
import { explainPrograms } from './explain.js';
import { Field } from './field.js';
import { checkInit, type Init, initialBlock } from './initial.js';
import { alignment } from './lattice.js';
import { type LoopConverged, type LoopResult, type LoopSteps, type LoopUntil, runLoop } from './loop.js';
import { session } from './session.js';
import { checkShape, formatShape, type Shape, sizeOf } from './shape.js';
import { type GridStats, statsOf } from './stats.js';
import { clock, disposed, internMeta, internOptions, makeStorage, type Storage } from './storage.js';
import { tuneOption } from './tune.js';

export interface GridOptions<D extends DType = NumberDType> {
  /** Of its fields, unless they say otherwise: 'f64' (default), 'f32', 'i64', 'i32' or 'bool'. */
  dtype?: D;
  /** In which dimensions `shift` goes around the ends. */
  periodic?: boolean | readonly boolean[];
  /** Ranks per dimension; the product is the number of ranks. Default: chosen for the least halo surface. */
  processGrid?: readonly number[];
  /** Threads of this process. Default: the cores it may use, divided fairly among the ranks on the node. */
  threads?: number;
  /** Over-decomposition: tiles per thread. */
  odf?: number;
  /** Units (iterations) recorded before they are handed to the engine. */
  batch?: number;
  /** Steps of a time loop that are taken in one pass over memory: 'auto' (default) as many as pay, 1 none, or so many. */
  timeTile?: 'auto' | number;
  /**
   * How `timeTile: 'auto'` and the tiles are chosen. 'model' (default): by this machine's caches. 'measure': the first steps
   * of a loop are taken in several ways, which is seen in nothing but time, and the fastest is remembered on disk. 'off':
   * as on a common machine, whatever this one is. The variable QUADRILLE_TUNE is the default of grids that do not say.
   */
  tune?: Tune;
  /** true: a * b + c may round once. false (default): the bits NumPy gives. */
  contract?: boolean;
}

export interface FieldOptions<D extends DType = NumberDType> {
  /** A number (default 0), a function of the global index, a TypedArray in C order, or nested arrays. */
  init?: Init;
  dtype?: D;
  /** As many dimensions as the grid; default: the grid's shape. */
  shape?: readonly number[];
  /** Accepted for code ported from CharmStencil: a least ghost depth. Halos are inferred, this is never a limit. */
  ghost?: number;
}

const GRID_OPTIONS = ['dtype', 'periodic', 'processGrid', 'threads', 'odf', 'batch', 'timeTile', 'tune', 'contract'];
const FIELD_OPTIONS = ['init', 'dtype', 'shape', 'ghost'];

/** Memory of grids that were dropped without dispose. */
const dropped = new FinalizationRegistry<Set<number>>((natives) => session.reclaim([...natives]));

export class Grid<D extends DType = NumberDType> {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly periodic: readonly boolean[];
  readonly processGrid: readonly number[];
  readonly threads: number;
  readonly odf: number;
  readonly batch: number;
  readonly timeTile: 'auto' | number;
  readonly tune: Tune;
  readonly contract: boolean;
  readonly #storages = new Set<Storage>();
  #fields: Field<DType>[] = [];
  /** What the collector gives back with the grid: of #storages. */
  readonly #natives = new Set<number>();
  readonly #options: ProgramOptions;
  readonly #decomposition: Decomposition;
  #disposed = false;

  /** Throws BAD_SHAPE, BAD_OPTION, BAD_DTYPE, TOO_MANY_RANKS. */
  constructor(shape: readonly number[], options: GridOptions<D> = {}) {
    this.shape = checkShape('Grid', shape);
    if (typeof options !== 'object' || options === null) {
      throw new QuadrilleError('BAD_OPTION', `Grid: the options are ${show(options)}.`, {
        expected: 'an object, e.g. { periodic: true }',
      });
    }
    checkOptions('Grid', options, GRID_OPTIONS);
    this.dtype = checkDType(options.dtype ?? 'f64');
    this.periodic = checkPeriodic(options.periodic ?? false, this.shape);
    this.processGrid =
      options.processGrid === undefined
        ? chooseProcessGrid(this.shape, session.size)
        : checkProcessGrid(options.processGrid, this.shape, session.size);
    this.threads = checkCount('threads', options.threads ?? session.defaultThreads);
    this.odf = checkCount('odf', options.odf ?? 1);
    this.batch = checkCount('batch', options.batch ?? 64);
    const { timeTile = 'auto' } = options;
    this.timeTile = timeTile === 'auto' ? timeTile : checkCount('timeTile', timeTile);
    const tune = tuneOption(options.tune);
    this.tune = tune.tune ?? 'model';
    this.contract = checkBoolean('contract', options.contract ?? false);
    this.#options = internOptions({
      odf: this.odf,
      threads: this.threads,
      contract: this.contract,
      ...(timeTile !== 'auto' && { timeTile }),
      ...tune,
    });
    this.#decomposition = { shape: this.shape, processGrid: this.processGrid };
    dropped.register(this, this.#natives, this.#natives);
  }

  /** A new field, zeros unless `init` says otherwise. Throws OUT_OF_MEMORY, BAD_OPTION, BAD_SHAPE, BAD_DTYPE, DISPOSED. */
  field<E extends DType = D>(name?: string, options?: FieldOptions<E>): Field<E>;
  field<E extends DType = D>(options?: FieldOptions<E>): Field<E>;
  field<E extends DType = D>(nameOrOptions?: string | FieldOptions<E>, more?: FieldOptions<E>): Field<E> {
    const name = typeof nameOrOptions === 'string' ? nameOrOptions : undefined;
    const options = (typeof nameOrOptions === 'object' ? nameOrOptions : more) ?? {};
    this.#checkAlive();
    if (nameOrOptions !== undefined && typeof nameOrOptions !== 'string' && typeof nameOrOptions !== 'object') {
      throw new QuadrilleError('BAD_OPTION', `field cannot take ${show(nameOrOptions)}.`, {
        expected: 'a name, options, or both',
      });
    }
    checkOptions('field', options, FIELD_OPTIONS);
    if (options.ghost !== undefined && !(Number.isInteger(options.ghost) && options.ghost >= 0)) {
      throw new QuadrilleError('BAD_OPTION', `ghost is ${show(options.ghost)}.`, {
        expected: 'a whole number, 0 or more',
      });
    }
    const dtype = checkDType(options.dtype ?? this.dtype);
    const shape = options.shape === undefined ? this.shape : checkShape('field', options.shape);
    if (shape.length !== this.shape.length) {
      throw new QuadrilleError(
        'BAD_SHAPE',
        `A field of shape ${formatShape(shape)} on a grid of shape ${formatShape(this.shape)}.`,
        {
          expected: `${this.shape.length} dimensions, as the grid has`,
        },
      );
    }
    const init = options.init ?? 0;
    checkInit(init, dtype, shape);
    const decomposition = { ...this.#decomposition, ...alignment(shape, this.shape) };
    const meta = internMeta({ dtype, shape, decomposition }, this.#options, this.periodic);
    const { offset, extent } = shareOf(meta);
    const native = session.createField({ dtype, shape, offset, extent }, this.threads);
    const storage = makeStorage(name, meta, native, this);
    storage.written = ++clock.now;
    this.#storages.add(storage);
    this.#natives.add(native);
    session.taps.created(storage, init);
    // A number goes over as a double.
    if (typeof init === 'number' || typeof init === 'boolean') {
      if (!Object.is(Number(init), 0)) guarded(() => session.engine.fillField(native, filling(init, dtype)));
    } else if (sizeOf(extent) > 0) {
      writeBlock(storage, initialBlock(init, dtype, shape, offset, extent));
    }
    const made = new Field<E>(storage);
    this.#fields.push(made);
    return made;
  }

  /** Several fields of zeros: by number an array, by names an object. */
  fields(count: 1): [Field<D>];
  fields(count: 2): [Field<D>, Field<D>];
  fields(count: 3): [Field<D>, Field<D>, Field<D>];
  fields(count: 4): [Field<D>, Field<D>, Field<D>, Field<D>];
  fields(count: number): Field<D>[];
  fields<N extends string>(...names: N[]): Record<N, Field<D>>;
  fields(...given: (number | string)[]): Field<D>[] | Record<string, Field<D>> {
    const [first] = given;
    if (given.length === 1 && typeof first === 'number') {
      return Array.from({ length: checkCount('fields', first) }, () => this.field());
    }
    const named: Record<string, Field<D>> = {};
    for (const name of given) {
      if (typeof name !== 'string' || Object.hasOwn(named, name)) {
        throw new QuadrilleError(
          'BAD_OPTION',
          `fields cannot take ${show(name)}${typeof name === 'string' ? ' twice' : ''}.`,
          { expected: 'a number, or different names' },
        );
      }
      named[name] = this.field(name);
    }
    return named;
  }

  /** Everything recorded so far has run. */
  async sync(): Promise<void> {
    this.#checkAlive();
    await session.sync();
  }

  /**
   * Runs `body` `steps` times, or until the Scalar that `until` gives holds (looked at after every `every` steps, at most
   * `maxSteps`), and resolves when that has been done. The body is called once, to record one step; steps and
   * comparisons are made in the engine. Fields that change places do so by `swap`: each of them holds afterwards what
   * that many swaps leave in it. `progress` draws a bar on rank 0: steps, time left, steps/s, effective GB/s. Throws
   * BAD_OPTION, and STALE_EXPRESSION where the body uses a view made before it of a field that it swaps.
   */
  async loop(body: () => void, options: LoopSteps): Promise<LoopResult>;
  async loop(body: () => void, options: LoopUntil): Promise<LoopConverged>;
  async loop(body: () => void, options: LoopSteps | LoopUntil): Promise<LoopResult> {
    this.#checkAlive();
    return 'until' in options ? runLoop(body, options) : runLoop(body, options);
  }

  /**
   * Saves every field of this grid into the folder `dir`: each as .npy, under its name, and a list of them. A checkpoint
   * that is there is replaced once the new one is complete. Collective. Throws FILE_ACCESS.
   */
  async checkpoint(dir: string): Promise<void> {
    this.#checkAlive();
    await saveCheckpoint(this.#living(), checkFolder('checkpoint', dir));
  }

  /**
   * Fills every field of this grid from a checkpoint of the same fields, saved on any number of ranks. Collective.
   * Throws FILE_ACCESS, FILE_FORMAT.
   */
  async restore(dir: string): Promise<void> {
    this.#checkAlive();
    await restoreCheckpoint(this.#living(), checkFolder('restore', dir));
  }

  /** What has been recorded with fields of this grid: programs, halos, plans and generated IR, as text. */
  explain(): string {
    this.#checkAlive();
    session.recorder.cut();
    return explainPrograms(this.#decomposition);
  }

  /** What the engine has done in this process so far. */
  stats(): GridStats {
    return statsOf();
  }

  /** Gives the memory of all its fields back, once what was recorded has run. Its fields cannot be used afterwards. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    dropped.unregister(this.#natives);
    session.dispose([...this.#storages]);
  }

  /** @internal */
  owns(storage: Storage): boolean {
    return this.#storages.has(storage);
  }

  /** @internal */
  disown(storage: Storage): void {
    this.#natives.delete(storage.native);
    if (this.#storages.delete(storage)) this.#fields = this.#living();
  }

  #living(): Field<DType>[] {
    return this.#fields.filter(({ storage }) => !storage.disposed);
  }

  #checkAlive(): void {
    if (this.#disposed) throw disposed(`The grid of shape ${formatShape(this.shape)}`);
  }
}

/** The number that fills a field of `dtype` when `init` is asked for. */
function filling(init: number | boolean, dtype: DType): number {
  if (dtype === 'bool') return Number.isNaN(init) || init ? 1 : 0;
  return dtype === 'i32' || dtype === 'i64' ? Math.trunc(Number(init)) : Number(init);
}

function checkPeriodic(periodic: unknown, shape: Shape): readonly boolean[] {
  if (typeof periodic === 'boolean') return shape.map(() => periodic);
  const flags: boolean[] = [];
  if (Array.isArray(periodic)) for (const flag of periodic) if (typeof flag === 'boolean') flags.push(flag);
  if (Array.isArray(periodic) && flags.length === shape.length && periodic.length === shape.length) return flags;
  throw new QuadrilleError('BAD_OPTION', `periodic is ${show(periodic)}.`, {
    expected: `true, false, or ${shape.length} of them, one per dimension`,
  });
}

function checkProcessGrid(processGrid: unknown, shape: Shape, size: number): readonly number[] {
  const expected = `${shape.length} whole numbers whose product is ${size}, the number of ranks`;
  const counts: number[] = [];
  if (Array.isArray(processGrid)) for (const p of processGrid) if (Number.isSafeInteger(p) && p > 0) counts.push(p);
  if (
    !Array.isArray(processGrid) ||
    counts.length !== processGrid.length ||
    counts.length !== shape.length ||
    sizeOf(counts) !== size
  ) {
    throw new QuadrilleError('BAD_OPTION', `processGrid is ${show(processGrid)}.`, {
      expected,
      hint: 'leave it out: it is chosen for the least halo surface',
    });
  }
  counts.forEach((p, d) => {
    const n = shape[d] ?? 0;
    if (p > n) {
      throw new QuadrilleError(
        'TOO_MANY_RANKS',
        `processGrid puts ${p} ranks along dimension ${d}, which has ${n} points.`,
        {
          expected: `at most ${n} ranks there`,
          hint: 'leave processGrid out: ranks that find no points stay idle',
        },
      );
    }
  });
  return counts;
}

function checkCount(what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new QuadrilleError('BAD_OPTION', `${what} is ${show(value)}.`, { expected: 'a whole number, 1 or more' });
}

function checkFolder(what: string, dir: unknown): string {
  if (typeof dir === 'string' && dir !== '') return dir.replace(/\/+$/, '');
  throw new QuadrilleError('BAD_OPTION', `${what}: the folder is ${show(dir)}.`, { expected: 'a path' });
}

function checkBoolean(what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new QuadrilleError('BAD_OPTION', `${what} is ${show(value)}.`, { expected: 'true or false' });
}
