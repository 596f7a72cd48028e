// The passes a kernel goes through between fix-up and machine code.
#pragma once

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace quadrille {

// In: a fixed-up module. Out: the same, vectorised and optimised for the machine.
void optimize(llvm::Module& module, llvm::TargetMachine& machine);

}  // namespace quadrille
