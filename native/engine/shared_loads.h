// A pass over vectorised loops: what neighbouring vector loads have in common is loaded once and shuffled.
#pragma once

#include <llvm/IR/PassManager.h>

namespace quadrille {

// Most bytes that the pass lets a kernel read before the first and after the last element it uses: fields have as much
// around them (memory/field.cc). Nothing of it is used.
constexpr int overreadBytes = 64;

// x[j-1], x[j], x[j+1] of eight j each are three loads, two of which straddle cache lines on every iteration. They lie
// in three neighbouring vectors, two of which the last iteration had already: one load and two shuffles do.
// In: functions after loop vectorisation, in loop-simplified form. The same values, bit for bit, are computed.
struct SharedLoads : llvm::PassInfoMixin<SharedLoads> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace quadrille
