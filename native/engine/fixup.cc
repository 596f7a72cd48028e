// See fixup.h. Each addition is one function, with the reason it is there.
#include "engine/fixup.h"

#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>

#include "engine/bind_maths.h"
#include "error.h"

namespace quadrille {

namespace {

// Distinct fields never overlap. The pointers reach a body as arguments, and only there can LLVM be told.
void promiseNoAlias(llvm::Function& body) {
  for (llvm::Argument& argument : body.args()) {
    if (argument.getType()->isPointerTy()) {
      argument.addAttr(llvm::Attribute::NoAlias);
      argument.addAttr(llvm::Attribute::NoUndef);
    }
  }
  // Inlined into the entry, the promise would have to survive as metadata; a call costs a nanosecond.
  body.addFnAttr(llvm::Attribute::NoInline);
}

void setTraits(llvm::Function& function) {
  function.addFnAttr(llvm::Attribute::NoUnwind);  // also: no unwind tables to register at load time
  function.addFnAttr(llvm::Attribute::MustProgress);
  function.addFnAttr(llvm::Attribute::WillReturn);
  // The vector width is the target's own choice. On Zen 4 (512 bits) narrower vectors gain 10 % in L1 and L2, where
  // unaligned loads cross fewer cache lines, and lose 20 % from L3 (5-point sweep at 256 x 256 and 1024 x 1024).
}

// Indices are far from 2^63; without nsw the vectoriser has to suspect wrap-around in `y * ld + x`.
void promiseNoWrap(llvm::Instruction& instruction) {
  switch (instruction.getOpcode()) {
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
    case llvm::Instruction::Mul:
      if (instruction.getType()->isIntegerTy(64)) instruction.setHasNoSignedWrap(true);
      break;
    default:
      break;
  }
}

}  // namespace

void fixUp(llvm::Module& module, const std::string& symbol, const std::string& exported, bool contract,
           MathsKind maths) {
  llvm::Function* entry = symbol.empty() ? nullptr : module.getFunction(symbol);
  if (!symbol.empty() && (!entry || entry->isDeclaration())) {
    throw CompileError("the module does not define '" + symbol + "'");
  }
  bindMaths(module, maths);
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    const bool isBody = function.hasLocalLinkage() || function.getName().ends_with("_body");
    if (isBody) {
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
      promiseNoAlias(function);
    } else if (entry && &function != entry) {
      throw CompileError("the module defines '" + function.getName().str() + "' beside '" + symbol + "'");
    }
    setTraits(function);
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      promiseNoWrap(instruction);
      if (contract && llvm::isa<llvm::FPMathOperator>(instruction)) instruction.setHasAllowContract(true);
    }
  }
  if (entry && !exported.empty()) entry->setName(exported);
}

}  // namespace quadrille
