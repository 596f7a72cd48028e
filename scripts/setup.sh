#!/usr/bin/env bash
# In: a machine. Out: the system packages quadrille is built with are there, or the exact list of what is missing.
#
#   scripts/setup.sh [--test] [--lint] [--bench]   install what is missing by apt (sudo only when not root)
#   scripts/setup.sh --check                       install nothing; list what is missing and end with 1
#
# Presence is judged by capability (a header, a command), not by package, so that a hand-built LLVM or another
# distribution's MPICH count; nothing is printed when all is there. No command is started then (< 0.2 s): every
# `npm start` and `npm test` comes through here.
set -euo pipefail

check_only=no want_test=no want_lint=no want_bench=no
for arg in "$@"; do
  case $arg in
    --check) check_only=yes ;;
    --test) want_test=yes ;;
    --lint) want_lint=yes ;;
    --bench) want_bench=yes ;;
    *) echo "setup.sh: unknown option $arg (known: --check --test --lint --bench)" >&2; exit 2 ;;
  esac
done

have() { command -v "$1" > /dev/null 2>&1; }
any() { local path; for path in "$@"; do [[ -e $path ]] && return 0; done; return 1; }

# The engine's LLVM: the newest the code is known to build with comes first (native/CMakeLists.txt looks in the same order).
llvm_versions=(22 21 20 19)
installed_llvm() {
  local version
  for version in "${llvm_versions[@]}"; do
    if any /usr/lib/llvm-"$version"/{lib/,}cmake/llvm/LLVMConfig.cmake; then echo "$version"; return; fi
  done
}

missing=() reasons=()   # what nothing works without
need() { missing+=("$1"); reasons+=("$2"); }

llvm=$(installed_llvm)
[[ -n $llvm || -n ${LLVM_DIR:-} ]] || need llvm-NN-dev 'the engine: kernels are optimised and compiled with LLVM (19 or newer)'
any /usr/lib/llvm-14/{lib/,}cmake/llvm/LLVMConfig.cmake ||
  need llvm-14-dev 'llvm-bindings, through which TypeScript emits the kernels, builds against LLVM 14'
have g++ || have c++ || need g++ 'compiles the native addons'
have make || have ninja || need ninja-build 'runs the native build'
have cmake || need cmake 'configures the native build'
have pkg-config || need pkg-config 'finds the libraries below'
any /usr/include/hwloc.h /usr/local/include/hwloc.h ||
  need libhwloc-dev 'cores, caches and the fair division of cores among ranks'
any /usr/include/sleef.h /usr/include/*-linux-gnu/sleef.h /usr/local/include/sleef.h ||
  need libsleef-dev 'SLEEF: exp, sin, pow, ... in vectors, with the same bits in vectors of every length'
# On a system without MPI everything still runs, in one process: wanted, not needed.
if ! { have mpicc && have mpirun; }; then
  need libopenmpi-dev 'the MPI addon (several ranks); MPICH does as well'
  need openmpi-bin 'mpirun'
fi
if [[ $want_test == yes ]]; then
  # Debian's own interpreter, not whichever python3 comes first in PATH: apt installs NumPy for that one.
  any /usr/lib/python3/dist-packages/numpy/__init__.py || need python3-numpy 'the real NumPy, which the tests compare with'
fi
if [[ $want_lint == yes ]]; then
  # The same version as the engine's LLVM: it shares that one's libraries, and one version formats one way.
  any /usr/bin/clang-format-"${llvm:-NN}" || need clang-format-"${llvm:-NN}" 'checks the format of the C++ sources'
fi
if [[ $want_bench == yes ]]; then
  # Competitors; `npm run bench` leaves out those that are not here.
  have clang++ || have clang++-"${llvm:-NN}" || need clang-"${llvm:-NN}" 'plain C++, beside g++'
  any /usr/lib/llvm-"${llvm:-NN}"/lib/libomp.so /usr/lib/*/libomp.so || need libomp-"${llvm:-NN}"-dev "clang's OpenMP"
  any /usr/lib/python3/dist-packages/numpy/__init__.py || need python3-numpy 'NumPy'
  any /usr/lib/python3/dist-packages/numba/__init__.py || need python3-numba 'Numba'
fi

((${#missing[@]})) || exit 0

list() {
  local i
  for i in "${!missing[@]}"; do printf '  %-16s %s\n' "${missing[$i]}" "${reasons[$i]}"; done
}

# True when only MPI is missing: that must not stop a build on a machine where it cannot be had.
only_mpi() {
  local package
  for package in "${missing[@]}"; do [[ $package == libopenmpi-dev || $package == openmpi-bin ]] || return 1; done
}

if [[ $check_only == yes ]] || ! have apt-get; then
  missing=("${missing[@]/NN/${llvm_versions[0]}}")
  if only_mpi; then
    echo 'quadrille: no MPI (mpicc and mpirun) found; it will run in one process only.' >&2
    exit 0
  fi
  {
    echo 'quadrille: these system packages (by their Debian names) are missing:'
    list
    if have apt-get; then
      echo "Install them with:  apt-get install -y ${missing[*]}"
      [[ -n $llvm ]] || echo "Where the release has no LLVM ${llvm_versions[0]}, the first it has of ${llvm_versions[*]:1} will do."
    else
      echo 'There is no apt-get here to install them with; please install them by hand, then run this again.'
    fi
  } >&2
  exit 1
fi

as_root=()
if ((EUID != 0)); then
  have sudo || { echo 'quadrille: packages are missing, and there is neither root nor sudo to install them with:' >&2; list >&2; exit 1; }
  as_root=(sudo)
fi
apt() {
  # The lock is waited for: a fresh machine often runs its own updates in its first minutes.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q -y "$@" < /dev/null
}

apt update

# Which LLVM this release has is known only now.
if [[ -z $llvm ]]; then
  for version in "${llvm_versions[@]}"; do
    candidate=$(apt-cache policy "llvm-$version-dev" | sed -n 's/^ *Candidate: *//p')
    if [[ -n $candidate && $candidate != '(none)' ]]; then llvm=$version; break; fi
  done
  if [[ -z $llvm && " ${missing[*]} " == *NN* ]]; then
    echo "quadrille: this release has none of llvm-{${llvm_versions[*]}}-dev; LLVM 19 or newer is needed." >&2
    exit 1
  fi
fi
missing=("${missing[@]/NN/$llvm}")

echo 'quadrille installs these system packages:'
list
if ! apt install --no-install-recommends "${missing[@]}"; then
  if only_mpi; then
    echo 'quadrille: MPI could not be installed; it will run in one process only.' >&2
    exit 0
  fi
  echo "quadrille: could not install: ${missing[*]}" >&2
  exit 1
fi
