// The passes a kernel goes through between fix-up and machine code.
#pragma once

#include <string>

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace quadrille {

// In: a fixed-up module. Out: the same, vectorised and optimised for the machine; with an entry beside `entry`, unless
// that is empty, for sweeps larger than the caches (streaming.h).
void optimize(llvm::Module& module, llvm::TargetMachine& machine, const std::string& entry);

}  // namespace quadrille
