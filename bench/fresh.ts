/** A command in; the numbers its last words give, as JSON on one line per process, out. Each call is fresh processes. */
import { spawn } from 'node:child_process';
import { script } from './paths.js';
import type { PeerCommand } from './peer.js';

/** Node on a compiled script of bench/. */
export function node(source: string, ...args: readonly string[]): string[] {
  return [process.execPath, script(source), ...args];
}

export async function numbersFrom({ command, args, env }: PeerCommand): Promise<number[]> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}:\n${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('result '))
    .map((line) => Number(line.slice('result '.length)));
}
