// What every rank has come to in, what all have come to together out, on every rank with the same bits: accumulators
// travel by recursive doubling, in messages like any other, so that ranks that differ are told so.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "comm/comm.h"
#include "reduce/accumulator.h"

namespace quadrille {

class AllReduce {
 public:
  // For `count` accumulators at a time.
  AllReduce(Comm& comm, size_t count) : comm_(comm), count_(count) {}
  // Collective. Throws RankDiverged.
  void run(std::span<AnyAccumulator> mine, WorkId work);

 private:
  struct Step {
    std::unique_ptr<MessageSet> messages;
    bool sends, receives;
    bool replaces;  // what comes is everybody's already
  };
  void addStep(int peer, bool sends, bool receives, bool replaces);
  void prepare();

  Comm& comm_;
  const size_t count_;
  std::vector<Step> steps_;
  bool prepared_ = false;
};

}  // namespace quadrille
