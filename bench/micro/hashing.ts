/** What a Program costs the first time its statements are recorded (built, hashed to its key), and a kernel's key. */
import { Grid } from 'quadrille';
import { fuse, schedule } from '../../jit/fuse.js';
import { kernelKey, kernelOf } from '../../jit/kernel.js';
import { place, slotTable } from '../../jit/place.js';
import { toSweeps } from '../../jit/to-sweeps.js';
import { treeOf } from '../../lib/expr.js';
import { Recorder } from '../../lib/recorder.js';
import { session } from '../../lib/session.js';
import { recordAssignment } from '../../lib/statement.js';
import { laplaceProgram } from './laplace-program.js';
import { nullBackend } from './null-engine.js';
import { runSuite } from './suite.js';

export async function run(): Promise<void> {
  session.useBackend(nullBackend);
  const grid = new Grid([1024, 1024]);
  const x = grid.field('x');
  const target = grid.field('y').at('1:-1', '1:-1');
  const sum = x.at(':-2', '1:-1').add(x.at('2:', '1:-1')).add(x.at('1:-1', ':-2')).add(x.at('1:-1', '2:'));
  const value = treeOf('set', sum.mul(0.25));
  const nowhere = { size: 1, begin: () => {}, unit: () => {}, forget: () => {}, waitsFor: () => false };
  const recordAfresh = (): void => {
    const recorder = new Recorder(nowhere); // a new one has seen no Program yet
    recordAssignment(recorder, target.view, target.storage, value);
    recorder.cut();
  };

  const table = slotTable(laplaceProgram(1024, 1), 1);
  const [group] = schedule(fuse(place(toSweeps(laplaceProgram(1024, 1), table), table), table)).flat();
  if (!group) throw new Error('the Laplace step became no group');
  const { spec } = kernelOf(group, table, false);
  await runSuite('key hashing', [
    ['Laplace Program, recorded for the first time', recordAfresh],
    ['Laplace kernel', () => void kernelKey(spec)],
  ]);
}
