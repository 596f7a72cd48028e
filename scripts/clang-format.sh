#!/usr/bin/env bash
# In: options for clang-format. Out: it has been run over our C++ sources, in the version of the engine's LLVM.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --lint
for version in 22 21 20 19; do
  formatter=/usr/bin/clang-format-$version
  [[ -x $formatter ]] && break
done
git ls-files -z --cached --others --exclude-standard 'native/*.h' 'native/*.cc' 'bench/*.cc' 'bench/*.cpp' 'bench/*.h' |
  xargs -0 --no-run-if-empty "$formatter" --style=file "$@"
