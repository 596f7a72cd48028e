// See fixup.h. Each addition is one function, with the reason it is there.
#include "engine/fixup.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>

#include "engine/bind_maths.h"
#include "engine/target.h"
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
  if (prefersWideVectors()) function.addFnAttr("prefer-vector-width", "512");
}

// Indices are far from 2^63; without nsw the vectoriser has to suspect wrap-around in `y * ld + x`. The elements of
// integer fields do wrap around: the emitter names what reckons with them (jit/ir.ts).
void promiseNoWrap(llvm::Instruction& instruction) {
  if (instruction.getName().starts_with("wrap")) return;
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

// No iteration of a kernel sees another one's work (lowering's promise; what does not keep it goes through a
// temporary). Told so, the vectoriser needs no run-time checks between the rows of one field, whose distance it does
// not know.
void promiseParallel(llvm::Function& body) {
  llvm::LLVMContext& context = body.getContext();
  for (llvm::BasicBlock& block : body) {
    llvm::Instruction* latch = block.getTerminator();
    if (!llvm::is_contained(llvm::successors(&block), &block)) continue;
    llvm::MDNode* group = llvm::MDNode::getDistinct(context, {});
    for (llvm::Instruction& instruction : block) {
      if (instruction.mayReadOrWriteMemory()) instruction.setMetadata(llvm::LLVMContext::MD_access_group, group);
    }
    llvm::Metadata* const parallel[] = {llvm::MDString::get(context, "llvm.loop.parallel_accesses"), group};
    llvm::Metadata* const properties[] = {nullptr, llvm::MDNode::get(context, parallel)};
    llvm::MDNode* loop = llvm::MDNode::getDistinct(context, properties);
    loop->replaceOperandWith(0, loop);  // a loop's metadata begins with itself
    latch->setMetadata(llvm::LLVMContext::MD_loop, loop);
  }
}

}  // namespace

void fixUp(llvm::Module& module, const std::string& symbol, const std::string& exported, bool contract,
           MathsKind maths) {
  llvm::Function* entry = symbol.empty() ? nullptr : module.getFunction(symbol);
  if (!symbol.empty() && (!entry || entry->isDeclaration())) {
    throw CompileError("the module does not define '" + symbol + "'");
  }
  for (llvm::Function& function : module) {
    if (function.isDeclaration()) continue;
    const bool isBody = function.hasLocalLinkage() || function.getName().ends_with("_body");
    if (isBody) {
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
      promiseNoAlias(function);
      promiseParallel(function);
    } else if (entry && &function != entry) {
      throw CompileError("the module defines '" + function.getName().str() + "' beside '" + symbol + "'");
    }
    setTraits(function);
    for (llvm::Instruction& instruction : llvm::instructions(function)) {
      promiseNoWrap(instruction);
      if (contract && llvm::isa<llvm::FPMathOperator>(instruction)) instruction.setHasAllowContract(true);
    }
  }
  bindMaths(module, maths);  // last: it adds functions that are not the emitter's
  if (entry && !exported.empty()) entry->setName(exported);
}

}  // namespace quadrille
