/** `quadrille run solver.py`: a path and arguments in; the program runs as `python3 solver.py` would. */
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { QuadrilleError } from '../../errors.js';
import { barrier, isRoot, size } from '../../spmd.js';
import { flushPrinted } from './builtins.js';
import { check, execute, readProgramText } from './program.js';
import { Exit } from './world.js';

/**
 * How much of the functions that it calls V8 compiles into a function, in bytes of bytecode (920 of its own). The way of
 * a statement goes through many small functions: with less it is compiled in half the time, which counts where all of a
 * program takes a second, and runs no slower.
 */
const INLINED_BYTECODE = 150;

/** Of a program that is refused before it runs. */
const REFUSED = 2;

/** Gives the exit status; what goes wrong while the program runs is thrown. */
export async function runProgram(path: string, args: readonly string[]): Promise<number> {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${INLINED_BYTECODE}`); // the process is the program's
  let checked: ReturnType<typeof check>;
  try {
    checked = check(readProgramText(path), path);
  } catch (error) {
    if (!(error instanceof QuadrilleError)) throw error;
    // Every rank comes here, for the same text: one of them tells, and none ends the job before it has.
    if (isRoot) writeSync(2, `${error.message}\n`);
    await barrier().catch(() => undefined);
    return REFUSED;
  }
  try {
    await execute(checked, '__main__', [path, ...args]);
  } catch (error) {
    flushPrinted();
    if (error instanceof Exit) return error.status;
    if (!(error instanceof QuadrilleError) || error.code === 'INTERNAL') throw error;
    // What the author of a Python program wants to see is in the message; where in this library it was noticed is not.
    error.stack = error.message;
    if (size > 1) throw error; // ends the job
    writeSync(2, `${error.message}\n`);
    return 1;
  }
  return 0;
}
