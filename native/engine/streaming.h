// A second form of a kernel, for sweeps that no cache holds: its stores go around the caches.
#pragma once

#include <llvm/IR/PassManager.h>

#include <string>

namespace quadrille {

// Bytes: where vectors stored by a streaming kernel must be able to begin.
constexpr int streamAlignment = 64;

std::string streamingName(const std::string& entry);

// In: a vectorised module with the entry `entry`. Out: if it stores whole vectors to fields that it does not read, also
// an entry streamingName(entry) that does the same with non-temporal stores. Such a store does not first fetch the line
// it is going to overwrite, a third of what a 5-point sweep moves. Whoever calls it promises that the first element of
// every row that it writes lies on a 64-byte boundary (the instruction faults otherwise).
struct StreamingEntry : llvm::PassInfoMixin<StreamingEntry> {
  std::string entry;
  explicit StreamingEntry(std::string name) : entry(std::move(name)) {}
  llvm::PreservedAnalyses run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses);
};

}  // namespace quadrille
