// @ts-check
/**
 * In: package-lock.json and what npm noted down when it last filled node_modules. Out: ends with 0 if every package is
 * there in the locked version, else with 1. Compares versions, not times: a checkout gives files new times.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ version?: string, optional?: boolean, integrity?: string }} Locked */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const noted = join(root, 'node_modules/.package-lock.json');

/** @param {string} file @returns {Record<string, Locked>} */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

if (!existsSync(noted)) process.exit(1);
const wanted = packagesOf(join(root, 'package-lock.json'));
const present = packagesOf(noted);
for (const [path, { version, optional }] of Object.entries(wanted)) {
  // '' is ourselves; an optional package may be one for another platform.
  if (path === '' || (optional && !present[path])) continue;
  if (present[path]?.version !== version) process.exit(1);
}
