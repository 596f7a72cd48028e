// See streaming.h.
#include "engine/streaming.h"

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/ScalarEvolutionExpressions.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/ScalarEvolutionExpander.h>

#include <set>
#include <vector>

namespace quadrille {

namespace {

const llvm::Value* fieldOf(const llvm::Value* pointer) { return llvm::getUnderlyingObject(pointer, /*MaxLookup=*/0); }

// A field's whole vectors. Where the kernel also reads, the line is in the cache already: nothing would be saved. The
// vectoriser's loops begin with the row and advance by whole vectors, so each vector lies on a boundary of its own size
// if the row does. What it makes of a row's last elements shares a line with them.
std::vector<llvm::StoreInst*> streamable(llvm::Function& body) {
  std::set<const llvm::Value*> read;
  for (llvm::Instruction& instruction : llvm::instructions(body)) {
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) read.insert(fieldOf(load->getPointerOperand()));
  }
  const llvm::DataLayout& layout = body.getParent()->getDataLayout();
  std::vector<llvm::StoreInst*> stores;
  for (llvm::Instruction& instruction : llvm::instructions(body)) {
    auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction);
    auto* type = store ? llvm::dyn_cast<llvm::FixedVectorType>(store->getValueOperand()->getType()) : nullptr;
    if (!type || !store->isSimple() || read.contains(fieldOf(store->getPointerOperand()))) continue;
    const uint64_t bytes = layout.getTypeStoreSize(type);
    const bool last = store->getParent()->getName().starts_with("vec.epilog");
    if (!last && bytes >= 16 && bytes <= streamAlignment) stores.push_back(store);
  }
  return stores;
}

// Stores become visible in order: an ordinary one at the end of a row, to a line that nobody has fetched, holds up all
// that follow (7-point at 256^3: 2.6 ns per point instead of 1.1). The line is asked for when the row begins.
void fetchRest(llvm::StoreInst& store, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution) {
  llvm::Loop* loop = loops.getLoopFor(store.getParent());
  if (!loop || !loop->getLoopPreheader()) return;
  const auto* address = llvm::dyn_cast<llvm::SCEVAddRecExpr>(evolution.getSCEV(store.getPointerOperand()));
  const llvm::SCEV* again = evolution.getBackedgeTakenCount(loop);
  if (!address || address->getLoop() != loop || llvm::isa<llvm::SCEVCouldNotCompute>(again)) return;
  const llvm::SCEV* rest =
      address->evaluateAtIteration(evolution.getAddExpr(again, evolution.getOne(again->getType())), evolution);
  llvm::Instruction* before = loop->getLoopPreheader()->getTerminator();
#if LLVM_VERSION_MAJOR >= 22
  llvm::SCEVExpander expander(evolution, "rest");
#else
  llvm::SCEVExpander expander(evolution, store.getDataLayout(), "rest");
#endif
  if (!expander.isSafeToExpandAt(rest, before)) return;
  llvm::Value* place = expander.expandCodeFor(rest, store.getPointerOperandType(), before);
  llvm::IRBuilder<> builder(before);
  const auto number = [&](uint32_t n) { return builder.getInt32(n); };  // to be written, kept in all caches, data
  builder.CreateIntrinsic(llvm::Intrinsic::prefetch, {place->getType()}, {place, number(1), number(3), number(1)});
}

void stream(llvm::StoreInst& store) {
  llvm::LLVMContext& context = store.getContext();
  auto* one = llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), 1));
  store.setMetadata(llvm::LLVMContext::MD_nontemporal, llvm::MDNode::get(context, one));
  const llvm::DataLayout& layout = store.getModule()->getDataLayout();
  store.setAlignment(llvm::Align(layout.getTypeStoreSize(store.getValueOperand()->getType())));
}

// The entry's call of its body.
llvm::CallInst* bodyCall(llvm::Function& entry) {
  for (llvm::Instruction& instruction : llvm::instructions(entry)) {
    auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call && call->getCalledFunction() && !call->getCalledFunction()->isDeclaration()) return call;
  }
  return nullptr;
}

}  // namespace

std::string streamingName(const std::string& entry) { return entry + "_streaming"; }

llvm::PreservedAnalyses StreamingEntry::run(llvm::Module& module, llvm::ModuleAnalysisManager& analyses) {
  llvm::Function* plain = module.getFunction(entry);
  llvm::CallInst* call = plain ? bodyCall(*plain) : nullptr;
  if (!call || streamable(*call->getCalledFunction()).empty()) return llvm::PreservedAnalyses::all();
  llvm::ValueToValueMapTy inEntry, inBody;
  llvm::Function* streaming = llvm::CloneFunction(plain, inEntry);
  streaming->setName(streamingName(entry));
  llvm::Function* body = llvm::CloneFunction(call->getCalledFunction(), inBody);
  auto* newCall = llvm::cast<llvm::CallInst>(inEntry[call]);
  newCall->setCalledFunction(body);
  auto& functions = analyses.getResult<llvm::FunctionAnalysisManagerModuleProxy>(module).getManager();
  auto& loops = functions.getResult<llvm::LoopAnalysis>(*body);
  auto& evolution = functions.getResult<llvm::ScalarEvolutionAnalysis>(*body);
  for (llvm::StoreInst* store : streamable(*body)) {
    fetchRest(*store, loops, evolution);
    stream(*store);
  }
  // Non-temporal stores are not ordered with later ones: the team may be told that this tile is done only after them.
  for (llvm::BasicBlock& block : *body) {
    if (llvm::isa<llvm::ReturnInst>(block.getTerminator())) {
      llvm::IRBuilder<>(block.getTerminator()).CreateFence(llvm::AtomicOrdering::SequentiallyConsistent);
    }
  }
  // What was deduced of the body does not hold with a fence in it.
  for (llvm::Function* function : {body, streaming}) {
    function->removeFnAttr(llvm::Attribute::NoSync);
    function->setMemoryEffects(llvm::MemoryEffects::unknown());
  }
  newCall->removeFnAttr(llvm::Attribute::NoSync);
  newCall->setMemoryEffects(llvm::MemoryEffects::unknown());
  return llvm::PreservedAnalyses::none();
}

}  // namespace quadrille
