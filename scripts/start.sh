#!/usr/bin/env bash
# In: a clone, in any state. Out: the main job has run: the 2-D Laplace solver, on two ranks where there is an MPI.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/prepare.sh
. scripts/mpi-env.sh

job=dist/examples/01-laplace2d.js
if command -v mpirun > /dev/null && [[ -e build/Release/quadrille_mpi.node ]]; then
  exec mpirun -n 2 node "$job" "$@"
fi
echo 'quadrille: no MPI here (mpirun and an addon built with it); running in one process.'
exec node "$job" "$@"
