// In: a kernel module that calls mathematical functions (maths.h). Out: the same, the vectoriser told of their vector
// forms, and what it leaves alone calling those too: SLEEF 3.5's scalar functions would do, but that tan of f32 without
// fused multiply-adds differs from its vectors at two of all floats (0x3f490fdc is one).
#pragma once

#include "engine/maths.h"

namespace llvm {
class Module;
}

namespace quadrille {

// Throws CompileError if the module calls anything else.
void bindMaths(llvm::Module& module, MathsKind kind);

}  // namespace quadrille
