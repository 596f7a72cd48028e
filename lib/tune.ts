/** The option `tune`: what a grid or the environment asks for in, checked; what a Program's options hold of it, out. */
import type { ProgramOptions, Tune } from '../jit/program.js';
import { QuadrilleError, show } from './errors.js';

const WAYS: readonly Tune[] = ['off', 'model', 'measure'];

/** `given` or, if that is undefined, what QUADRILLE_TUNE says; nothing for 'model', the default. Throws BAD_OPTION. */
export function tuneOption(
  given?: unknown,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Pick<ProgramOptions, 'tune'> {
  const [what, value] = given === undefined ? ['QUADRILLE_TUNE', env['QUADRILLE_TUNE'] || 'model'] : ['tune', given];
  const tune = WAYS.find((way) => way === value);
  if (tune === undefined) {
    throw new QuadrilleError('BAD_OPTION', `${what} is ${show(value)}.`, { expected: "'off', 'model' or 'measure'" });
  }
  return tune === 'model' ? {} : { tune };
}
