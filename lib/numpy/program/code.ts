/**
 * Compiled pieces of a program: closures that run at once, or, where a value of the engine may have to be waited for,
 * generators that yield what they wait for. Recording pauses only where the data forces it.
 */
import { QuadrilleError } from '../../errors.js';
import type { Frame } from './frame.js';

/** Yields promises; what they resolve to was put where it is needed. */
export type Steps<T> = Generator<Promise<unknown>, T, void>;

export interface Code<T> {
  /** Undefined: it may have to wait. */
  readonly plain: ((frame: Frame) => T) | undefined;
  readonly steps: (frame: Frame) => Steps<T>;
}

export function plain<T>(run: (frame: Frame) => T): Code<T> {
  return {
    plain: run,
    // biome-ignore lint/correctness/useYield: it never waits
    *steps(frame) {
      return run(frame);
    },
  };
}

export function waiting<T>(steps: (frame: Frame) => Steps<T>): Code<T> {
  return { plain: undefined, steps };
}

/** `first`, then `code`. */
export function after<T>(first: (frame: Frame) => void, { plain: run, steps }: Code<T>): Code<T> {
  const both = function* (frame: Frame): Steps<T> {
    first(frame);
    return yield* steps(frame);
  };
  if (!run) return waiting(both);
  return plain((frame) => {
    first(frame);
    return run(frame);
  });
}

/** One value after the other, then `then` of them. */
export function sequence<A, T>(codes: readonly Code<A>[], then: (values: A[], frame: Frame) => T): Code<T> {
  const runs = codes.flatMap(({ plain: run }) => (run ? [run] : []));
  if (runs.length === codes.length) {
    return plain((frame) => {
      const values: A[] = [];
      for (const run of runs) values.push(run(frame));
      return then(values, frame);
    });
  }
  return waiting(function* (frame) {
    return then(yield* values(codes, frame), frame);
  });
}

/** As `sequence`, where what comes then may wait, too. */
export function sequenceThen<A, T>(codes: readonly Code<A>[], then: (values: A[], frame: Frame) => Steps<T>): Code<T> {
  return waiting(function* (frame) {
    return yield* then(yield* values(codes, frame), frame);
  });
}

function* values<A>(codes: readonly Code<A>[], frame: Frame): Steps<A[]> {
  const all: A[] = [];
  for (const code of codes) all.push(code.plain ? code.plain(frame) : yield* code.steps(frame));
  return all;
}

/** Waits for `promise` and gives what it resolved to. */
export function* wait<T>(promise: Promise<T>): Steps<T> {
  let got: { value: T } | undefined;
  yield promise.then((value) => {
    got = { value };
  });
  if (!got) throw new QuadrilleError('INTERNAL', 'a promise was not awaited');
  return got.value;
}

/** Runs to the end. A rejection is thrown where it was waited for. */
export async function drive<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    try {
      await step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next();
  }
  return step.value;
}
