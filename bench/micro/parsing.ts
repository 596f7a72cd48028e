/** What an np template costs the first time it is met: its text parsed by the Python grammar into our tree. */
import { parse } from '../../lib/numpy/parse.js';
import { makeSource } from '../../lib/numpy/source.js';
import { runSuite } from './suite.js';

const LAPLACE = ['', '[1:-1, 1:-1] = 0.25 * (', '[:-2, 1:-1] + ', '[2:, 1:-1] + ', '[1:-1, :-2] + ', '[1:-1, 2:])'];
const NAMES = ['y', 'x', 'x', 'x', 'x'];

export async function run(): Promise<void> {
  await runSuite('parsing a template', [['Laplace step', () => void parse(makeSource(LAPLACE, NAMES))]]);
}
