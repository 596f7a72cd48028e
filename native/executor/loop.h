// A loop over one Plan: fields in its places and a count in, steps run, one at a time or several tiled in time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "executor/runner.h"

namespace quadrille {

// What the places hold after `steps` steps.
std::vector<int32_t> placesAfter(const PlanLoop& loop, int64_t steps, const std::vector<int32_t>& places);

class Loop {
 public:
  // `places`: what they hold in the first step. Throws as PlanRunner::run does.
  Loop(PlanRunner& runner, std::span<Field* const> places, const double* params);

  // Looks up once more what steps need: something else has changed where fields lie.
  void prepare() { runner_.prepare(cycle_); }
  // The next step is number `step`, from 0.
  void turnTo(int64_t step) { phase_ = static_cast<size_t>(step) % phases_; }
  // Runs at least one and at most `most` steps; returns how many.
  int64_t advance(int64_t most, const RunId& id, RunStats& stats);
  // Which of the cycle's sets of fields comes next.
  size_t phase() const { return phase_; }

 private:
  PlanRunner& runner_;
  const double* params_;
  std::vector<Field*> cycle_;  // the bound slots of every phase
  size_t phases_ = 1, phase_ = 0;
  int64_t longest_ = 0;  // that advance() was ever allowed
};

}  // namespace quadrille
