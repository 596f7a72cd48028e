#!/usr/bin/env bash
# In: a clone, in any state. Out: everything built that `npm start` and `npm test` run; what is up to date is left alone.
# Options go to setup.sh (--test --lint).
set -euo pipefail
cd "$(dirname "$0")/.."

node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 17)) {
    console.error(`quadrille: Node 20.17 or newer is needed, this is ${process.version}`);
    process.exit(1);
  }'

scripts/setup.sh "$@"

mkdir -p build
# One at a time: `npm test` in one terminal and `npm start` in another share node_modules, build/ and dist/.
exec 9> build/.prepare.lock
flock 9

# Without install scripts: llvm-bindings' own would download Node's headers; native.mjs builds it with what is here.
node scripts/installed.mjs || npm ci --ignore-scripts --no-audit --no-fund
node scripts/native.mjs build
npm run --silent build:ts
