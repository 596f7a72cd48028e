// In: a kernel module that calls mathematical functions (maths.h). Out: the same, the vectoriser told of their vector
// forms.
#pragma once

#include "engine/maths.h"

namespace llvm {
class Module;
}

namespace quadrille {

// Throws CompileError if the module calls anything else.
void bindMaths(llvm::Module& module, MathsKind kind);

}  // namespace quadrille
