/** What a test of an error asks for: the error itself, its place, and processes that fail on their own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type ErrorCode, QuadrilleError } from '../../lib/errors.js';

/** The QuadrilleError that `action` throws; its code must be `code`, and its place in the test's own file. */
export function thrown(code: ErrorCode, action: () => unknown): QuadrilleError {
  try {
    action();
  } catch (error) {
    return checked(code, error);
  }
  throw new Error(`nothing was thrown, ${code} was expected`);
}

export async function rejected(code: ErrorCode, action: () => Promise<unknown>): Promise<QuadrilleError> {
  try {
    await action();
  } catch (error) {
    return checked(code, error);
  }
  throw new Error(`nothing was rejected, ${code} was expected`);
}

function checked(code: ErrorCode, error: unknown): QuadrilleError {
  if (!(error instanceof QuadrilleError)) throw error;
  expect(error.code, error.message).toBe(code);
  expect(error.message.startsWith(`${code}: `)).toBe(true);
  return error;
}

/** The message without the line of its place, for pinning. */
export function text(error: QuadrilleError): string {
  return error.message
    .split('\n')
    .filter((line) => !line.startsWith('  at '))
    .join('\n');
}

/** Where the user wrote it: file name of the place. */
export function file(error: QuadrilleError): string {
  return typeof error.place === 'object' ? (error.place.file.split('/').at(-1) ?? '') : String(error.place);
}

/** Runs a script that uses the package, in a process of its own. */
export function runScript(
  source: string,
  env: NodeJS.ProcessEnv,
): { status: number | null; stderr: string; stdout: string } {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', source.replaceAll('QUADRILLE', `${root}lib/index.ts`)],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      timeout: 100_000,
    },
  );
}
