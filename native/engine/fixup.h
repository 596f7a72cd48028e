// Adds to a freshly parsed kernel module what llvm-bindings cannot write: attributes, flags, loop metadata.
#pragma once

#include <string>

#include "engine/maths.h"

namespace llvm {
class Module;
}

namespace quadrille {

// Part of the disk cache's identity: change it whenever fixUp() or the pass pipeline changes.
constexpr int fixUpVersion = 8;

// In: a module with one entry `symbol` (empty: any name). Out: the same, entry renamed to `exported` (unless empty),
// everything else internal, ready for optimisation. Throws CompileError.
void fixUp(llvm::Module& module, const std::string& symbol, const std::string& exported, bool contract,
           MathsKind maths);

}  // namespace quadrille
