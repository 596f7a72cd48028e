/** Random arithmetic of Python's and NumPy's numbers: types and digits are those that NumPy gives by NumPy 2's rules. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { launch } from '../spmd/launch.js';
import { NUMPY_2, pythonWithNumpy } from './numpy.js';

const python = pythonWithNumpy();
const folder = mkdtempSync(join(tmpdir(), 'quadrille-numbers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEED = Number(process.env.QUADRILLE_SEED ?? 1);

/** Mulberry32. */
function source(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const INTS = ['0', '1', '2', '3', '7', '31', '255', '65536', '2147483647'];
const FLOATS = ['0.0', '0.1', '0.5', '1.0', '2.5', '3.7', '1e10', '1e-5', '123456.789', '16777217.0'];
const OPERATORS = ['+', '-', '*', '/', '<', '<=', '==', '!=', '>', '>='];

function program(seed: number, count: number): string {
  const below = source(seed);
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? '';
  const signed = (text: string): string => (below(3) === 0 ? `-${text}` : text);
  const number = (): string => {
    switch (below(8)) {
      case 0:
        return pick(INTS);
      case 1:
        return `(${signed(pick(FLOATS))})`;
      case 2:
        return pick(['True', 'False']);
      case 3:
        return `np.float64(${signed(pick(FLOATS))})`;
      case 4:
        return `np.float32(${signed(pick(FLOATS))})`;
      case 5:
        return `np.int64(${signed(pick(INTS))})`;
      case 6:
        return `np.int32(${signed(pick(INTS))})`;
      default:
        return `np.bool_(${pick(['True', 'False'])})`;
    }
  };
  const expression = (depth: number): string => {
    if (depth === 0) return number();
    const [a, b] = [expression(depth - 1), expression(below(depth))];
    switch (below(12)) {
      case 0:
        return `abs(${a})`;
      case 1:
        return `(np.maximum(${a}, ${b}) + 0.0)`; // which of two zeros differs by machine
      case 2:
        return `np.sqrt(${a} * 1.0)`; // of a bool: 16 bits, which are not there
      case 3:
        return `(-${a})`;
      case 4:
        return `round(np.float64(${a}), ${below(3)})`;
      case 5:
        return `((${a} + 0) ${pick(['//', '%'])} ${b})`; // of two bools: 8 bits
      default:
        return `(${a} ${pick(OPERATORS)} ${b})`;
    }
  };
  const lines = Array.from({ length: count }, () => `show(lambda: ${expression(1 + below(3))})`);
  return `import numpy as np
def show(f):
    try:
        value = f()
        print(type(value).__name__, value, f'{value:.17g}', value == 1, bool(value))
    except (ArithmeticError, TypeError, ValueError):
        print('refused')
${lines.join('\n')}
`;
}

describe.skipIf(python === null)('random numbers', () => {
  it.each([SEED, SEED + 1, SEED + 2])('of seed %i', async (seed) => {
    const file = join(folder, `numbers-${seed}.py`);
    const text = program(seed, 400);
    writeFileSync(file, text);
    const script = `import sys, numpy as np\n${NUMPY_2}\nexec(compile(open(sys.argv[1]).read(), sys.argv[1], 'exec'), {})`;
    const expected = spawnSync(python ?? '', ['-W', 'ignore', '-c', script, file], { encoding: 'utf8' });
    expect(expected.stderr).toBe('');
    const run = await launch({ ranks: 0, script: 'scripts/quadrille.mjs', args: ['run', file] });
    const lines = text.split('\n').slice(7);
    const named = (output: string): string[] => output.split('\n').map((line, k) => `${lines[k] ?? ''} gives ${line}`);
    expect(named(run.output)).toEqual(named(expected.stdout));
  });
});
