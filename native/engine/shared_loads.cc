// See shared_loads.h.
#include "engine/shared_loads.h"

#include <llvm/ADT/MapVector.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/ScalarEvolutionExpressions.h>
#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Transforms/Utils/ScalarEvolutionExpander.h>

#include <map>
#include <set>
#include <vector>

namespace quadrille {

namespace {

// Floors, so that offsets below zero belong to the vector before.
int64_t vectorOf(int64_t offset, int64_t size) { return offset >= 0 ? offset / size : -((-offset + size - 1) / size); }

// Loads of one type whose addresses are `base` plus constants; base moves by `step` bytes per iteration.
struct Row {
  llvm::Value* base;
  llvm::FixedVectorType* type;
  int64_t step = 0, size = 0;  // bytes; of one vector
  std::vector<std::pair<llvm::LoadInst*, int64_t>> loads;

  // Whole vectors, counted from the base, that hold everything the loads read.
  std::set<int64_t> grid() const {
    std::set<int64_t> vectors;
    for (const auto& [load, offset] : loads) {
      const int64_t first = vectorOf(offset, size);
      vectors.insert(first);
      if (offset != first * size) vectors.insert(first + 1);
    }
    return vectors;
  }
};

class LoopRewriter {
 public:
  LoopRewriter(llvm::Loop& loop, llvm::ScalarEvolution& evolution, const llvm::TargetTransformInfo& target)
      : loop_(loop), evolution_(evolution), layout_(loop.getHeader()->getDataLayout()) {
    // Half of them: the others are for what is computed.
    free_ = target.getNumberOfRegisters(target.getRegisterClassForType(/*Vector=*/true)) / 2;
  }

  bool run() {
    if (boundByArithmetic()) return false;
    bool changed = false;
    for (auto& [key, row] : rows()) changed |= rewrite(row);
    return changed;
  }

 private:
  using Rows = llvm::MapVector<std::pair<llvm::Value*, llvm::Type*>, Row>;

  // Shuffles and arithmetic share execution ports; where arithmetic is what the loop waits for, loads are free
  // (Burgers: 3.5 operations for each load; 4 % slower with shuffles. 25-point star: 1.2; 10 % faster).
  bool boundByArithmetic() const {
    size_t operations = 0, loads = 0;
    for (const llvm::Instruction& instruction : *loop_.getHeader()) {
      operations += llvm::isa<llvm::BinaryOperator>(instruction) && instruction.getType()->isVectorTy() ? 1 : 0;
      loads += llvm::isa<llvm::LoadInst>(instruction) ? 1 : 0;
    }
    return operations > 2 * loads;
  }

  Rows rows() {
    std::set<const llvm::Value*> written;
    for (llvm::Instruction& instruction : *loop_.getHeader()) {
      if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
        written.insert(llvm::getUnderlyingObject(store->getPointerOperand()));
      } else if (instruction.mayWriteToMemory()) {
        return {};
      }
    }
    Rows found;
    for (llvm::Instruction& instruction : *loop_.getHeader()) {
      auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction);
      auto* type = load ? llvm::dyn_cast<llvm::FixedVectorType>(load->getType()) : nullptr;
      // A field that the loop also writes must be read when the loop reads it.
      if (!type || !load->isSimple() || written.contains(llvm::getUnderlyingObject(load->getPointerOperand())))
        continue;
      llvm::APInt offset(layout_.getIndexTypeSizeInBits(load->getPointerOperandType()), 0);
      llvm::Value* base =
          load->getPointerOperand()->stripAndAccumulateConstantOffsets(layout_, offset, /*AllowNonInbounds=*/true);
      Row& row = found[{base, type}];
      row.base = base;
      row.type = type;
      row.size = static_cast<int64_t>(layout_.getTypeStoreSize(type));
      row.loads.emplace_back(load, offset.getSExtValue());
    }
    return found;
  }

  // Address of the base in the first iteration, if it moves by whole vectors.
  const llvm::SCEV* start(Row& row) {
    const auto* address = llvm::dyn_cast<llvm::SCEVAddRecExpr>(evolution_.getSCEV(row.base));
    if (!address || address->getLoop() != &loop_ || !address->isAffine()) return nullptr;
    const auto* step = llvm::dyn_cast<llvm::SCEVConstant>(address->getStepRecurrence(evolution_));
    if (!step) return nullptr;
    row.step = step->getAPInt().getSExtValue();
    return row.step > 0 && row.step % row.size == 0 ? address->getStart() : nullptr;
  }

  bool rewrite(Row& row) {
    if (row.loads.size() < 2 || row.size > overreadBytes) return false;
    const auto element = static_cast<int64_t>(layout_.getTypeStoreSize(row.type->getElementType()));
    for (const auto& [load, offset] : row.loads) {
      if (offset % element != 0) return false;
    }
    const llvm::SCEV* first = start(row);
    if (!first) return false;
    const std::set<int64_t> grid = row.grid();
    const int64_t ahead = row.step / row.size;
    size_t loaded = 0;
    for (const int64_t g : grid) loaded += grid.contains(g + ahead) ? 0 : 1;
    const size_t carried = grid.size() - loaded;
    if (loaded >= row.loads.size() || carried > free_) return false;

#if LLVM_VERSION_MAJOR >= 22
    llvm::SCEVExpander expander(evolution_, "shared");
#else
    llvm::SCEVExpander expander(evolution_, layout_, "shared");
#endif
    llvm::Instruction* before = loop_.getLoopPreheader()->getTerminator();
    if (!expander.isSafeToExpandAt(first, before)) return false;
    llvm::Value* origin = expander.expandCodeFor(first, row.base->getType(), before);
    free_ -= carried;
    const std::map<int64_t, llvm::Value*> vectors = loadGrid(row, grid, origin);
    for (const auto& [load, offset] : row.loads) {
      const int64_t vector = vectorOf(offset, row.size);
      const int64_t shift = (offset - vector * row.size) / element;
      load->replaceAllUsesWith(shift == 0 ? vectors.at(vector)
                                          : shifted(load, vectors.at(vector), vectors.at(vector + 1), shift));
      load->eraseFromParent();
    }
    return true;
  }

  // Each vector of the grid: from the iteration before where that had it, else loaded.
  std::map<int64_t, llvm::Value*> loadGrid(const Row& row, const std::set<int64_t>& grid, llvm::Value* origin) {
    std::map<int64_t, llvm::Value*> vectors;
    llvm::BasicBlock* body = loop_.getHeader();
    llvm::IRBuilder<> outside(loop_.getLoopPreheader()->getTerminator());
    // Where the base is known, and before all uses.
    llvm::Instruction* at = row.loads.front().first;
    if (auto* base = llvm::dyn_cast<llvm::Instruction>(row.base)) {
      at = llvm::isa<llvm::PHINode>(base) ? &*body->getFirstInsertionPt() : base->getNextNode();
    }
    llvm::IRBuilder<> inside(at);
    const int64_t ahead = row.step / row.size;
    const llvm::Align align = row.loads.front().first->getAlign();
    const auto load = [&](llvm::IRBuilder<>& builder, llvm::Value* from, int64_t g) {
      llvm::Value* address = builder.CreatePtrAdd(from, builder.getInt64(static_cast<uint64_t>(g * row.size)));
      return builder.CreateAlignedLoad(row.type, address, align, "shared");
    };
    for (auto g = grid.rbegin(); g != grid.rend(); ++g) {
      if (!grid.contains(*g + ahead)) {
        vectors[*g] = load(inside, row.base, *g);
        continue;
      }
      llvm::PHINode* carried = llvm::PHINode::Create(row.type, 2, "carried", body->getFirstNonPHIIt());
      carried->addIncoming(load(outside, origin, *g), loop_.getLoopPreheader());
      carried->addIncoming(vectors.at(*g + ahead), body);
      vectors[*g] = carried;
    }
    return vectors;
  }

  static llvm::Value* shifted(llvm::LoadInst* load, llvm::Value* low, llvm::Value* high, int64_t shift) {
    std::vector<int> mask;
    const auto lanes = llvm::cast<llvm::FixedVectorType>(load->getType())->getNumElements();
    for (unsigned lane = 0; lane < lanes; ++lane) mask.push_back(static_cast<int>(lane + shift));
    return llvm::IRBuilder<>(load).CreateShuffleVector(low, high, mask);
  }

  llvm::Loop& loop_;
  llvm::ScalarEvolution& evolution_;
  const llvm::DataLayout& layout_;
  size_t free_ = 0;  // vector registers that may hold values from one iteration to the next
};

}  // namespace

llvm::PreservedAnalyses SharedLoads::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  const auto& target = analyses.getResult<llvm::TargetIRAnalysis>(function);
  bool changed = false;
  for (llvm::Loop* loop : loops.getLoopsInPreorder()) {
    if (loop->getNumBlocks() != 1 || !loop->getLoopPreheader()) continue;
    changed |= LoopRewriter(*loop, evolution, target).run();
  }
  if (!changed) return llvm::PreservedAnalyses::all();
  llvm::PreservedAnalyses preserved;
  preserved.preserveSet<llvm::CFGAnalyses>();
  return preserved;
}

}  // namespace quadrille
