/**
 * grid.loop: a body that records one step in; its Program handed over once, with the number of steps, out. Fields that
 * the body swaps take turns in the engine, and hold afterwards what that many swaps leave in them.
 */
import { checkOptions, QuadrilleError, show } from './errors.js';
import { looping, type Watch } from './looping.js';
import type { Unit } from './recorder.js';
import { cycleOf, MOST_PHASES } from './runs.js';
import { Scalar, scalarTree } from './scalar.js';
import { session } from './session.js';
import { SolveProgress } from './solve-progress.js';
import { clock, describe, type Storage } from './storage.js';
import { type Check, captureCheck } from './until.js';

export interface LoopSteps {
  /** How often the body runs. */
  readonly steps: number;
  /** Draw a progress bar on rank 0 (false). */
  readonly progress?: boolean;
}

export interface LoopUntil {
  /** Called once, after the body: the loop ends when this holds. Computed and compared in the engine. */
  readonly until: () => Scalar;
  /** Steps between two looks at it (1). */
  readonly every?: number;
  /** Steps after which the loop ends in any case. */
  readonly maxSteps: number;
  readonly progress?: boolean;
}

export interface LoopResult {
  /** Steps that have run. */
  readonly steps: number;
}

export interface LoopConverged extends LoopResult {
  /** What `until` compares, when it was last looked at: of an integer beyond 2^53 the nearest number. */
  readonly value: number;
  /** False: `maxSteps` came first. */
  readonly converged: boolean;
}

/** See Grid.loop. */
export async function runLoop(body: () => void, options: LoopSteps): Promise<LoopResult>;
export async function runLoop(body: () => void, options: LoopUntil): Promise<LoopConverged>;
export async function runLoop(body: () => void, options: LoopSteps | LoopUntil): Promise<LoopResult> {
  const { steps, every, until } = checkArguments(body, options);
  if (steps === 0) {
    await session.sync();
    return { steps };
  }
  const { units, turn, held, check } = record(body, until);
  const progress = options.progress && session.running ? new SolveProgress(steps) : undefined;
  if (check) return endWhen(check, { units, turn, held, steps, every, progress });
  turnFields(held, turn, units, steps);
  await handOver(units, turn, steps);
  await progress?.drain();
  await session.sync();
  progress?.end();
  return { steps };
}

interface Arguments {
  readonly steps: number;
  readonly every: number;
  readonly until: (() => unknown) | undefined;
}

function checkArguments(body: unknown, options: unknown): Arguments {
  if (typeof body !== 'function') {
    throw new QuadrilleError('BAD_OPTION', `loop: the body is ${show(body)}.`, {
      expected: 'a function that records one step',
    });
  }
  if (typeof options !== 'object' || options === null) {
    throw new QuadrilleError('BAD_OPTION', `loop: the options are ${show(options)}.`, { expected: '{ steps: 1000 }' });
  }
  const given: Partial<Record<string, unknown>> = { ...options };
  const until = given.until;
  checkOptions(
    'loop',
    options,
    until === undefined ? ['steps', 'progress'] : ['until', 'every', 'maxSteps', 'progress'],
  );
  if (until !== undefined && !isFunction(until)) {
    throw new QuadrilleError('BAD_OPTION', `loop: until is ${show(until)}.`, {
      expected: 'a function that gives a Scalar',
    });
  }
  const name = until ? 'maxSteps' : 'steps';
  const steps = count(name, given[name], until ? 1 : 0);
  const every = count('every', given.every ?? 1, 1);
  if (session.recorder.inUnit) {
    throw new QuadrilleError('BAD_OPTION', 'A loop is begun in the body of another, or in iterate.', {
      hint: 'a body only records statements: repeat them there with for',
    });
  }
  return { steps, every, until };
}

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}

function count(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new QuadrilleError('BAD_OPTION', `loop: ${name} is ${show(value)}.`, {
    expected: `a whole number, ${least} or more`,
  });
}

type Turn = ReadonlyMap<Storage, Storage>;

interface Recorded {
  readonly units: readonly Unit[];
  readonly turn: Turn;
  readonly held: Watch['held'];
  readonly check: Check | undefined;
}

/**
 * One call of the body: what it recorded, and which storage stands in the next step where another stood in this. Fields
 * are left as they stand after the step.
 */
function record(body: () => unknown, until: (() => unknown) | undefined): Recorded {
  const watch: Watch = { since: ++clock.now, held: new Map(), views: new Set(), expressions: new Set() };
  looping.watch = watch;
  try {
    const units = session.capture(() => {
      const result = body();
      if (result instanceof Promise) {
        result.catch(() => {}); // what it says now would come too late
        throw new QuadrilleError('BAD_OPTION', 'loop: the body is async.', {
          expected: 'a function that only records one step',
        });
      }
    });
    const turn = turnOf(watch);
    const check = until && captureCheck(until);
    checkEarlier(watch, turn, units);
    return { units, turn, held: watch.held, check };
  } catch (error) {
    for (const [field, storage] of watch.held) field.storage = storage; // nothing was recorded
    throw error;
  } finally {
    looping.watch = undefined;
  }
}

function turnOf({ held }: Watch): Turn {
  const turn = new Map<Storage, Storage>();
  for (const [field, before] of held) {
    const known = turn.get(before);
    if (known !== undefined && known !== field.storage) {
      throw new QuadrilleError(
        'BAD_OPERAND',
        `loop: two fields hold one array, ${describe(before)}, and go different ways.`,
        {
          hint: 'swap fields that hold different arrays',
        },
      );
    }
    turn.set(before, field.storage);
  }
  return turn;
}

/** The body is recorded once: what was made before it would not change with the steps, as a reader might think. */
function checkEarlier({ views, expressions }: Watch, turn: Turn, units: readonly Unit[]): void {
  const written = new Set(
    units.flatMap(({ record, fields }) => record.program.statements.map(({ target }) => fields[target.slot])),
  );
  for (const storage of [...views, ...expressions]) {
    const turns = (turn.get(storage) ?? storage) !== storage;
    if (!turns && !(expressions.has(storage) && written.has(storage))) continue;
    throw new QuadrilleError(
      'STALE_EXPRESSION',
      `Field ${describe(storage)}, ${turns ? 'is swapped' : 'is written'} in a loop whose body uses ${views.has(storage) ? 'a view' : 'an expression'} of it made before.`,
      {
        expected: 'views and expressions of fields that the loop changes are made in its body',
        hint: 'move field.at(...) into the body: it is recorded once',
      },
    );
  }
}

/** The Fields hold what they hold after `steps` steps; whatever the loop writes counts as written now. */
function turnFields(held: Watch['held'], turn: Turn, units: readonly Unit[], steps: number): void {
  for (const [field, before] of held) {
    const cycle = orbit(before, turn);
    field.storage = cycle[steps % cycle.length] ?? before;
  }
  for (const { record, fields } of units) {
    for (const { target } of record.program.statements) {
      const storage = fields[target.slot];
      if (storage) for (const each of orbit(storage, turn)) each.written = ++clock.now;
    }
  }
}

/** A storage and those that stand in its place in the steps to come, until it is back. */
function orbit(storage: Storage, turn: Turn): Storage[] {
  const cycle = [storage];
  for (let s = turn.get(storage) ?? storage; s !== storage; s = turn.get(s) ?? storage) cycle.push(s);
  return cycle;
}

/** The places of a loop over `unit` and how fields change among them; undefined if that takes too long to come back. */
function rotationOf(unit: Unit, turn: Turn): { places: Storage[]; next: number[] } | undefined {
  if (unit.ints.length > 0) return undefined;
  const places = [...new Set([...unit.fields, ...unit.fields.flatMap((storage) => orbit(storage, turn))])];
  const next = places.map((storage) => places.indexOf(turn.get(storage) ?? storage));
  return cycleOf(next) <= MOST_PHASES ? { places, next } : undefined;
}

interface Ending extends Omit<Recorded, 'check'> {
  readonly steps: number;
  readonly every: number;
  readonly progress: SolveProgress | undefined;
}

/** Runs until `check` holds; nothing can be recorded meanwhile, as nobody knows yet what the Fields will hold. */
async function endWhen(check: Check, ending: Ending): Promise<LoopConverged> {
  const { units, turn, held, steps, every, progress } = ending;
  const [unit] = units;
  if (!unit) return endOfNothing(check, ending);
  const rotation = unit && units.length === 1 ? rotationOf(unit, turn) : undefined;
  const checking = rotationOf(check.unit, turn);
  if (!rotation || !checking) {
    for (const [field, storage] of held) field.storage = storage;
    throw new QuadrilleError('BAD_OPTION', 'loop: with until, the body is one Program.', {
      expected: 'statements on fields of one grid',
    });
  }
  const taken = await session.loopUntil({ unit, ...rotation }, { unit: check.unit, ...checking }, check.condition, {
    most: steps,
    every,
    ...(progress && { progress: () => progress.drain() }),
  });
  turnFields(held, turn, units, taken);
  progress?.end();
  const converged = (await new Scalar(scalarTree(check.condition)).value()) !== 0;
  return { steps: taken, value: Number(await check.value.exact()), converged };
}

/**
 * Of a body that records nothing (its slices are empty, say): all it can do is make Fields change places. What was looked
 * at once in every arrangement stays so.
 */
async function endOfNothing(check: Check, { turn, held, steps, every }: Ending): Promise<LoopConverged> {
  const places = [...turn.keys()];
  const arrangements = cycleOf(places.map((storage) => places.indexOf(turn.get(storage) ?? storage)));
  const looks = Math.floor(steps / every);
  const values: number[] = [];
  for (let look = 1; look <= Math.max(1, Math.min(looks, arrangements)); look++) {
    const fields = check.unit.fields.map((storage) => {
      const cycle = orbit(storage, turn);
      return cycle[(Math.max(1, Math.min(look * every, steps)) - 1) % cycle.length] ?? storage;
    });
    session.unit({ ...check.unit, fields });
    values.push(Number(await check.value.exact()));
    if (looks === 0 || (await new Scalar(scalarTree(check.condition)).value()) === 0) continue;
    turnFields(held, turn, [], look * every);
    return { steps: look * every, value: values.at(-1) ?? Number.NaN, converged: true };
  }
  turnFields(held, turn, [], steps);
  const last = Math.max(0, looks - 1) % values.length;
  return { steps, value: values[last] ?? Number.NaN, converged: false };
}

async function handOver(units: readonly Unit[], turn: Turn, steps: number): Promise<void> {
  const [unit] = units;
  const rotation = unit && units.length === 1 ? rotationOf(unit, turn) : undefined;
  if (unit && rotation) {
    session.loop({ unit, ...rotation }, steps);
    return;
  }
  // Statements on several grids are several Programs: their steps go over one by one.
  let fields = units.map((each) => each.fields);
  const release = session.memory.withhold(fields.flat());
  try {
    for (let done = 0; done < steps; done++) {
      units.forEach((each, u) => session.unit({ ...each, fields: fields[u] ?? [] }));
      fields = fields.map((list) => list.map((storage) => turn.get(storage) ?? storage));
      await session.backpressure();
    }
  } finally {
    release();
  }
}
