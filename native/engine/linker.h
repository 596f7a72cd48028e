// Object code in, callable functions out: one LLVM ORC session, one JITDylib per kernel, removed with it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/maths.h"

namespace llvm {
class MemoryBuffer;
}

namespace quadrille {

// See PlanKernel in jit/plan.ts.
using KernelFn = void (*)(void* const* ptr, const double* params, const int64_t* ints);

class Linker;

// Code that stays callable as long as this lives.
class LinkedCode {
 public:
  struct Impl;
  explicit LinkedCode(std::unique_ptr<Impl> impl);
  LinkedCode(LinkedCode&&) noexcept;
  LinkedCode& operator=(LinkedCode&&) noexcept;
  ~LinkedCode();
  KernelFn function() const;
  KernelFn streaming() const;  // null: there is none

 private:
  std::unique_ptr<Impl> impl_;
};

class Linker {
 public:
  explicit Linker(MathsKind maths);  // throws CompileError
  ~Linker();
  // The object defines `symbol` and perhaps streamingName(symbol); objects may use the same name. Throws CompileError.
  LinkedCode link(std::unique_ptr<llvm::MemoryBuffer> object, const std::string& symbol);

 private:
  struct Session;
  std::shared_ptr<Session> session_;  // shared with LinkedCode: code may outlive the Linker
  friend struct LinkedCode::Impl;
  int64_t serial_ = 0;
};

}  // namespace quadrille
