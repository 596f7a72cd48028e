// The machine kernels are compiled for: this one. Out: its name, features, and target machines for it.
#pragma once

#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
}

namespace quadrille {

struct HostCpu {
  std::string name, features;  // LLVM's: "znver4", "+avx2,-avx512f,..."
};

// Asked of the CPU once; needs no LLVM target and costs microseconds.
const HostCpu& hostCpu();
// True where 512-bit vectors are worth more than LLVM's tuning thinks, see target.cc.
bool prefersWideVectors();
// "22.1.8".
const char* llvmVersion();
// Position-independent, aggressive code generation, no fusion of a*b+c unless the IR allows it.
std::unique_ptr<llvm::TargetMachine> makeTargetMachine();

}  // namespace quadrille
