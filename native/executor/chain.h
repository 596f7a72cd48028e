// Several steps of a loop, or waves of one run, in one pass over memory: a Plan's chain in, its stages run tile by
// tile. See jit/plan.ts, Chain.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/engine.h"
#include "executor/plan.h"
#include "executor/team.h"

namespace quadrille {

// One task on one set of fields. `ints`: as the kernel takes them, bounds still to be filled in.
struct PreparedTask {
  KernelFn function;
  void* const* ptr;
  int firstParam;
  std::vector<int64_t> ints;
};

// What a walk sweeps: what needs no halo, or, after that and when halos have come, all else.
enum class Zone { inner, rest };

// The stages of a pass of so many steps that begins with a certain set of fields, in one of its zones.
class Pass {
 public:
  // tasks(step, stage): the task of a stage on the fields of that step.
  template <class Tasks>
  Pass(const Chain& chain, int steps, int members, Zone zone, Tasks&& tasks)
      : chain_(chain), members_(members), height_(chain.height) {
    const size_t perStep = chain.stages.size() / static_cast<size_t>(chain.steps);
    const size_t skipped = static_cast<size_t>(chain.steps - steps) * perStep;
    for (size_t s = 0; s < static_cast<size_t>(steps) * perStep; ++s) {
      const Stage& stage = chain.stages[s + skipped];
      for (const Box& box : boxesOf(stage, chain.stages[s].inner, zone)) {
        add(tasks(s / perStep, stage), stage, box, chain.stages[s].lag);
      }
    }
    layOut();
    if (zone == Zone::rest) cutThin();
    makeScratch();
  }

  // `params`: the run's. `between`: called by member 0 after each of its tiles; it must not throw. Allocates nothing.
  void run(Team& team, const double* params, const std::function<void()>& between = {});
  bool empty() const { return parts_.empty(); }

 private:
  // A dimension of a stage as the walk meets it: at position i it is at its own position i - lag.
  struct Axis {
    int64_t lo, hi;         // kernel coordinates
    int64_t stride, shift;  // position + lag = stride * coordinate + shift
    // Coordinates whose positions the walk passes in [from, to).
    std::pair<int64_t, int64_t> within(int64_t from, int64_t to) const;
  };
  struct Part {
    PreparedTask task;
    Axis row, column;
  };
  // A part as one member works on it: its own copy of the bounds.
  struct Call {
    std::vector<int64_t> ints;
    bool here = false;  // has columns in this tile
  };
  // Blocks of a chunk that are done, in all runs so far together; on a cache line of its own.
  struct alignas(64) Progress {
    Signal blocks;
  };

  static std::vector<Box> boxesOf(const Stage& stage, const std::optional<Box>& inner, Zone zone);
  void add(PreparedTask task, const Stage& stage, const Box& box, const Index& lag);
  void layOut();
  void cutThin();
  void makeScratch();
  void sweepTile(int64_t chunk, int64_t block, const double* params, std::vector<Call>& calls) const;

  const Chain& chain_;
  const int members_;
  int64_t height_;
  bool whole_ = true;  // no stage's box was cut: parts lie all over the walk
  std::vector<Part> parts_;
  int64_t groups_ = 1;  // of parts, that take the place of blocks
  int64_t lo0_ = 0, hi0_ = 0, lo1_ = 0, hi1_ = 0, chunks_ = 0, blocks_ = 0;
  std::vector<std::vector<Call>> calls_;  // per member
  std::unique_ptr<Progress[]> progress_;  // per chunk; null: there is one member
  uint32_t passed_ = 0;                   // of each chunk's blocks, before the run at hand
};

}  // namespace quadrille
