// Bitcode in (written by llvm-bindings, LLVM 14, typed pointers), optimised object code or IR text out.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "engine/maths.h"

namespace llvm {
class MemoryBuffer;
class TargetMachine;
}  // namespace llvm

namespace quadrille {

// For one thread. Makes its target machine on first use.
class CodeGenerator {
 public:
  explicit CodeGenerator(MathsKind maths);
  ~CodeGenerator();

  // Object file defining `exported` with the code of `symbol`. Throws CompileError.
  std::unique_ptr<llvm::MemoryBuffer> compile(std::span<const std::byte> bitcode, const std::string& symbol,
                                              const std::string& exported, bool contract);
  // IR after the whole pipeline, as text; or the assembly it becomes.
  std::string optimizedIR(std::span<const std::byte> bitcode, bool contract);

 private:
  llvm::TargetMachine& machine();
  MathsKind maths_;
  std::unique_ptr<llvm::TargetMachine> machine_;
};

}  // namespace quadrille
