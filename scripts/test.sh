#!/usr/bin/env bash
# In: a clone, in any state. Out: the test suite has run; what vitest is given (a file, -t NAME) goes on to it.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/prepare.sh --test
. scripts/mpi-env.sh
exec node_modules/.bin/vitest run "$@"
