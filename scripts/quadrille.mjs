#!/usr/bin/env node
// @ts-check
/**
 * In: a command line. Out: the command `quadrille`.
 *
 *   quadrille setup    system packages, then the native addons: after an install whose scripts npm was told not to run
 */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = dirname(fileURLToPath(import.meta.url));

/** Runs a command with our terminal; ends this process with its status if it fails. @param {string} command @param {string[]} args */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const [command] = process.argv.slice(2);
if (command === 'setup') {
  run('bash', [join(scripts, 'setup.sh')]);
  run(process.execPath, [join(scripts, 'native.mjs'), 'build']);
} else {
  console.error(`usage: quadrille setup${command === undefined ? '' : `\nunknown command: ${command}`}`);
  process.exit(2);
}
