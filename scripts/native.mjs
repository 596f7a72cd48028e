// @ts-check
/**
 * In: unpacked npm packages and the system packages of setup.sh. Out: what has to be compiled: llvm-bindings' addon and
 * our own two, in build/Release. Plain JavaScript, because it also runs when the package is installed, where nothing
 * of ours is built yet and there is no TypeScript.
 *
 *   node scripts/native.mjs build        both, what is up to date is left alone (npm start, npm test, quadrille setup)
 *   node scripts/native.mjs preinstall   as npm's preinstall script: can the two be built here? If so, make it so
 *   node scripts/native.mjs install      as npm's install script: our addons; llvm-bindings has a script of its own
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(join(root, 'package.json'));

/** The folder of an installed package, as seen from `from`. @param {string} name @param {string} [from] */
function packageFolder(name, from = root) {
  // Not require.resolve(name): packages may hide their package.json, or have no main file.
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) throw new Error(`npm package ${name} is not installed: run \`npm ci\` first`);
  }
}

/** Runs a command with our terminal; ends this process if it fails. @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
  if (error) throw error;
  if (status !== 0) {
    console.error(`quadrille: failed: ${command} ${args.join(' ')}`);
    process.exit(status ?? 1);
  }
}

/** Does `include/node` below this folder hold the headers of the very Node that runs? @param {string} folder */
function hasHeaders(folder) {
  const version = join(folder, 'include/node/node_version.h');
  if (!existsSync(version)) return false;
  const text = readFileSync(version, 'utf8');
  const number = (/** @type {string} */ part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1];
  return `${number('MAJOR')}.${number('MINOR')}.${number('PATCH')}` === process.versions.node;
}

/** Node's own headers, which most distributions of Node put beside the executable; undefined where they do not. */
function installedHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return hasHeaders(prefix) ? prefix : undefined;
}

/**
 * Lays out the npm package node-api-headers as a Node header folder. llvm-bindings builds with cmake-js 6, which knows
 * nothing of that package and would download Node's headers; all that llvm-bindings includes is <node_api.h>.
 * @param {string} folder
 */
function layOutApiHeaders(folder) {
  const target = join(folder, 'include/node');
  const cmakeJs = packageFolder('cmake-js');
  mkdirSync(target, { recursive: true });
  cpSync(join(packageFolder('node-api-headers', cmakeJs), 'include'), target, { recursive: true });
  // cmake-js takes the folder for whole if node.h is there. A V8 addon that meets this one is told what to do.
  writeFileSync(
    join(target, 'node.h'),
    `#error "Only the Node-API headers are here, laid out by quadrille. Remove ${folder} to have them downloaded."\n`,
  );
  return folder;
}

/** A folder for cmake-js' `nodedir`, from what is on this machine; nothing is downloaded. */
function nodeFolder() {
  return process.env.npm_config_nodedir ?? installedHeaders() ?? layOutApiHeaders(join(root, 'build/node-headers'));
}

/** Builds llvm-bindings' addon, where its package looks for it. Minutes, once; kept in build/ across `npm ci`. */
function buildLlvmBindings() {
  const bindings = packageFolder('llvm-bindings');
  const addon = join(bindings, 'build/Release/llvm-bindings.node');
  if (existsSync(addon)) return;
  const { version } = require(join(bindings, 'package.json'));
  const output = join(root, `build/llvm-bindings-${version}-${process.platform}-${process.arch}`);
  console.log('quadrille: building llvm-bindings, 2 to 5 minutes, once ...');
  const cmakeJs = packageFolder('cmake-js', bindings);
  run(process.execPath, [join(cmakeJs, 'bin/cmake-js'), 'build', '-d', bindings, '-O', output], {
    ...process.env,
    npm_config_nodedir: nodeFolder(),
    // Its CMake files call `cmake-js`, by that name, for the paths of the headers.
    PATH: [join(dirname(cmakeJs), '.bin'), process.env.PATH].join(delimiter),
  });
  mkdirSync(dirname(addon), { recursive: true });
  // By way of another name: an interrupted copy must not pass for an addon.
  copyFileSync(join(output, 'Release/llvm-bindings.node'), `${addon}.part`);
  renameSync(`${addon}.part`, addon);
}

/** Builds build/Release/quadrille.node and, where there is an MPI, quadrille_mpi.node. */
function buildAddons() {
  // `build`, not `compile`: the latter answers a compile error by throwing the whole build folder away.
  const cmakeJs = join(packageFolder('cmake-js'), 'bin/cmake-js');
  run(process.execPath, [cmakeJs, 'build', '-d', join(root, 'native'), '-O', join(root, 'build')]);
}

/**
 * Before npm builds our dependencies: says which system packages are missing, rather than let a compiler say it; and
 * gives llvm-bindings' own script, which we cannot pass an environment to, Node's headers where it looks first
 * (cmake-js' cache), so that it need not download them.
 */
function preinstall() {
  run('bash', [join(root, 'scripts/setup.sh'), '--check']);
  if (process.env.npm_config_nodedir) return;
  const cache = join(homedir(), '.cmake-js', `node-${process.arch}`, process.version);
  if (existsSync(join(cache, 'include/node/node.h'))) return;
  const installed = installedHeaders();
  if (installed === undefined) layOutApiHeaders(cache);
  else cpSync(join(installed, 'include/node'), join(cache, 'include/node'), { recursive: true, dereference: true });
}

const [task = 'build'] = process.argv.slice(2);
switch (task) {
  case 'build':
    buildLlvmBindings();
    buildAddons();
    break;
  case 'preinstall':
    preinstall();
    break;
  case 'install':
    buildAddons();
    break;
  default:
    console.error(`native.mjs: unknown task ${task} (known: build preinstall install)`);
    process.exit(2);
}
