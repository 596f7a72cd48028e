#!/usr/bin/env node
// @ts-check
/**
 * In: a command line. Out: the command `quadrille`.
 *
 *   quadrille run solver.py [args]   a NumPy program, unmodified; mpirun -n 4 quadrille run solver.py on four ranks
 *   quadrille setup                  system packages, then the native addons: after an install whose scripts npm was
 *                                    told not to run
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const scripts = dirname(fileURLToPath(import.meta.url));

/** Runs a command with our terminal; ends this process with its status if it fails. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const [command, ...rest] = process.argv.slice(2);
const [program, ...args] = rest;
if (command === 'setup') {
  run('bash', [join(scripts, 'setup.sh')]);
  run(process.execPath, [join(scripts, 'native.mjs'), 'build']);
} else if (command === 'run' && program !== undefined) {
  const compiled = pathToFileURL(join(scripts, '..', 'dist', 'lib', 'numpy', 'program', 'run.js'));
  const { runProgram } = await import(compiled.href);
  process.exitCode = await runProgram(program, args);
} else {
  const wrong = command === undefined || command === 'run' ? '' : `\nunknown command: ${command}`;
  console.error(`usage: quadrille run solver.py [args]\n       quadrille setup${wrong}`);
  process.exit(2);
}
