// The reductions of one wave: tiles in, swept chunk by chunk into a buffer that stays in L1 (fields' own elements are
// taken where they lie), from there into accumulators of the member's own; at the end of the wave merged over members
// and ranks, into Scalars.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "executor/plan.h"
#include "executor/tiles.h"
#include "reduce/accumulator.h"
#include "reduce/all_reduce.h"

namespace quadrille {

class Field;

class WaveReducer {
 public:
  WaveReducer(const Wave& wave, const Plan& plan, Comm& comm, int members);

  bool reduces(int task) const { return !wave_.tasks[task].reductions.empty(); }
  // Before the first tile of the wave.
  void begin(std::span<Field* const> fields) { fields_ = fields; }
  // One tile of a task that reduces. `ptr` and `ints` as for any kernel; what stands there for buffers is not looked
  // at.
  void sweep(KernelFn kernel, void* const* ptr, const double* params, const int64_t* ints, const Tile& tile,
             int member) noexcept;
  // After all tiles of the wave. Collective. Throws RankDiverged.
  void finish(const WorkId& work);

 private:
  // What a kernel leaves of one element.
  union Word {
    double real;
    int64_t whole;
  };
  struct alignas(64) Member {
    std::unique_ptr<Word[]> buffer;
    std::vector<void*> ptr;
    std::vector<int64_t> ints;
    std::vector<AnyAccumulator> partial;
    // Of reductions along axes.
    std::vector<double> values;
    std::vector<int64_t> wholes, numbers;
  };
  // Of a task whose reductions all have a source.
  void sweepSources(const Tile& tile, Member& member) noexcept;
  void sweepAxes(KernelFn kernel, const double* params, size_t fields, size_t strides, const Tile& tile,
                 Member& member) noexcept;

  const Wave& wave_;
  const Plan& plan_;
  std::span<Field* const> fields_;
  std::vector<int> firstOf_;  // by task: its reductions are [firstOf_[t], firstOf_[t + 1]) of all
  std::vector<const TaskReduction*> reductions_;
  std::vector<AnyAccumulator> fresh_;
  std::vector<Member> members_;
  AllReduce all_;
};

}  // namespace quadrille
