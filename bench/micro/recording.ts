/** What one step costs JavaScript, from the user's line to the hand-over, which goes to an engine that does nothing. */
import { type Field, Grid, np, swap } from 'quadrille';
import { session } from '../../lib/session.js';
import { nullBackend } from './null-engine.js';
import { runSuite } from './suite.js';

export async function run(): Promise<void> {
  session.useBackend(nullBackend);
  const grid = new Grid([64, 64]);
  const x = grid.field('x');
  const y = grid.field('y');
  await runSuite('recording, per step', [
    ['np', () => numpyStep(x, y)],
    ['fluent', () => fluentStep(x, y)],
    ['np, five statements', () => cavityStep(x, y)],
  ]);
}

function numpyStep(x: Field, y: Field): void {
  np`${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])`;
  swap(x, y);
}

function fluentStep(x: Field, y: Field): void {
  y.at('1:-1', '1:-1').set(
    x.at(':-2', '1:-1').add(x.at('2:', '1:-1')).add(x.at('1:-1', ':-2')).add(x.at('1:-1', '2:')).mul(0.25),
  );
  swap(x, y);
}

function cavityStep(x: Field, y: Field): void {
  np`
    ${y}[1:-1, 1:-1] = 0.25 * (${x}[:-2, 1:-1] + ${x}[2:, 1:-1] + ${x}[1:-1, :-2] + ${x}[1:-1, 2:])
    ${y}[0, :] = ${y}[1, :]
    ${y}[-1, :] = ${y}[-2, :]
    ${y}[:, 0] = ${y}[:, 1]
    ${y}[:, -1] = 0
  `;
  swap(x, y);
}
