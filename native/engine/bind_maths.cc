// See bind_maths.h.
#include "engine/bind_maths.h"

#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/ModRef.h>
#include <llvm/Transforms/Utils/ModuleUtils.h>

#include "error.h"

namespace quadrille {

namespace {

void promisePurity(llvm::Function& callee) {
  callee.addFnAttr(llvm::Attribute::NoUnwind);
  callee.addFnAttr(llvm::Attribute::WillReturn);
  callee.addFnAttr(llvm::Attribute::NoFree);
  callee.addFnAttr(llvm::Attribute::NoSync);
  callee.setMemoryEffects(llvm::MemoryEffects::none());  // errno is nobody's business here
}

// The loop vectoriser takes from an attribute of each call which functions do the same for 2, 4, 8 ... elements at
// once. They must be declared, and survive until it looks.
std::string declareVariants(llvm::Module& module, const MathsFunction& function) {
  llvm::Type* element =
      function.single ? llvm::Type::getFloatTy(module.getContext()) : llvm::Type::getDoubleTy(module.getContext());
  std::string names;
  for (const VectorVariant& variant : function.variants) {
    llvm::Type* vector = llvm::FixedVectorType::get(element, variant.lanes);
    const std::vector<llvm::Type*> arguments(static_cast<size_t>(function.arguments), vector);
    auto* declared = llvm::cast<llvm::Function>(
        module.getOrInsertFunction(variant.name, llvm::FunctionType::get(vector, arguments, false)).getCallee());
    promisePurity(*declared);
    llvm::appendToCompilerUsed(module, {declared});
    // As LLVM's VFABI mangles it: not masked, so many lanes, every argument a vector.
    names += (names.empty() ? "" : ",") + std::string("_ZGV_LLVM_N") + std::to_string(variant.lanes) +
             std::string(static_cast<size_t>(function.arguments), 'v') + "_" + function.name + "(" + variant.name + ")";
  }
  return names;
}

// One element is computed as the first of the shortest vector, filled with it: the same code, hence the same bits. (Two
// lanes take SLEEF no longer than its scalar functions.)
void defineScalar(llvm::Function& callee, const VectorVariant& shortest) {
  callee.setLinkage(llvm::GlobalValue::InternalLinkage);
  callee.addFnAttr(llvm::Attribute::NoInline);  // calls of it are what the vectoriser looks for
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(callee.getContext(), "entry", &callee));
  std::vector<llvm::Value*> vectors;
  for (llvm::Argument& argument : callee.args()) {
    vectors.push_back(builder.CreateVectorSplat(shortest.lanes, &argument));
  }
  llvm::Value* result = builder.CreateCall(callee.getParent()->getFunction(shortest.name), vectors);
  builder.CreateRet(builder.CreateExtractElement(result, uint64_t{0}));
}

// A call takes some dozen instructions per element: there the longest vectors always pay, which LLVM avoids by itself
// on some processors (exp on Sapphire Rapids: 0.8 ns an element with 512 bits, 1.4 with 256).
void preferLongestVectors(llvm::Function& caller, const MathsFunction& function) {
  const unsigned bits = function.variants.back().lanes * (function.single ? 32 : 64);
  caller.addFnAttr("prefer-vector-width", std::to_string(bits));
}

void bind(llvm::Function& callee, MathsKind kind) {
  const MathsFunction* function = findMaths(kind, std::string_view(callee.getName()));
  if (!function) throw CompileError("kernels may not call '" + callee.getName().str() + "'");
  promisePurity(callee);
  if (function->variants.empty()) return;
  const std::string variants = declareVariants(*callee.getParent(), *function);
  for (llvm::User* user : callee.users()) {
    auto* call = llvm::dyn_cast<llvm::CallInst>(user);
    if (!call) continue;
    call->addFnAttr(llvm::Attribute::get(call->getContext(), "vector-function-abi-variant", variants));
    preferLongestVectors(*call->getFunction(), *function);
  }
  defineScalar(callee, function->variants.front());
}

// Before variants are declared among them.
std::vector<llvm::Function*> declarationsIn(llvm::Module& module) {
  std::vector<llvm::Function*> found;
  for (llvm::Function& function : module) {
    if (function.isDeclaration() && !function.isIntrinsic()) found.push_back(&function);
  }
  return found;
}

}  // namespace

void bindMaths(llvm::Module& module, MathsKind kind) {
  for (llvm::Function* callee : declarationsIn(module)) bind(*callee, kind);
}

}  // namespace quadrille
