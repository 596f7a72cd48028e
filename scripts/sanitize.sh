#!/usr/bin/env bash
# In: a clone, in any state. Out: the test suite has run over native code built with AddressSanitizer and
# UndefinedBehaviorSanitizer, in a build folder of its own; arguments go on to vitest. A finding ends the process it is in.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/prepare.sh --test
. scripts/mpi-env.sh

build=build/sanitize
cmake -S native -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DQUADRILLE_SANITIZE=address;undefined"
cmake --build "$build"
QUADRILLE_ADDON_DIR=$PWD/$build
export QUADRILLE_ADDON_DIR

# Node itself is not instrumented, so the run-time must come in before it; the addon finds it already there.
compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
preload="$("$compiler" -print-file-name=libasan.so) $("$compiler" -print-file-name=libubsan.so)"

# Leaks: V8 gives its memory back to the system and not to malloc, everything would be reported; the tests count ours.
# Containers: LLVM's own vectors grow in code that is not instrumented.
# Handlers of SIGSEGV: V8's WebAssembly has one.
# Quarantine: freed memory is held back to catch late uses; 256 MB of it would look like growth to the memory tests.
export ASAN_OPTIONS=quarantine_size_mb=16:detect_leaks=0:detect_container_overflow=0:allow_user_segv_handler=1:abort_on_error=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# Children (vitest's workers, mpirun and its ranks) inherit it.
exec env LD_PRELOAD="$preload" node node_modules/vitest/vitest.mjs run "$@"
