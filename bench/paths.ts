/** Where things lie: the package's root, its sources, what is built on demand. Same from dist/ and from sources. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export const root = packageRoot();
/** C++ and Python sources of the peers. */
export const peerSources = join(root, 'bench', 'peers');
/** Compiled C++ peers. */
export const peerBuild = join(root, 'build', 'bench');

/** A compiled script of bench/, by its name in the sources ('peers/quadrille.ts'). */
export function script(source: string): string {
  const compiled = join(root, 'dist', 'bench', source.replace(/\.ts$/, '.js'));
  if (!existsSync(compiled)) throw new Error(`${compiled} is missing: run npm run build:ts first`);
  return compiled;
}
