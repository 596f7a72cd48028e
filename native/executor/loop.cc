// See loop.h.
#include "executor/loop.h"

#include <algorithm>
#include <numeric>

#include "clock.h"
#include "error.h"

namespace quadrille {

namespace {

// Sets of fields a loop goes through until it is back at the first, at most: three fields that rotate and two that are
// exchanged make 6.
constexpr int64_t kMostPhases = 4096;

int64_t cycleLength(const PlanLoop& loop) {
  int64_t length = 1;
  std::vector<bool> seen(loop.next.size());
  for (size_t p = 0; p < loop.next.size(); ++p) {
    int64_t own = 0;
    for (size_t q = p; !seen[q]; q = static_cast<size_t>(loop.next[q])) {
      seen[q] = true;
      ++own;
    }
    if (own > 0) length = std::lcm(length, own);
    if (length > kMostPhases) throw UsageError("a loop whose fields change places in a cycle of more than 4096 steps");
  }
  return length;
}

// place -> the first step's place whose field it holds after one more step
template <class T>
void step(const PlanLoop& loop, std::vector<T>& places) {
  const std::vector<T> before = places;
  for (size_t p = 0; p < places.size(); ++p) places[p] = before[static_cast<size_t>(loop.next[p])];
}

}  // namespace

std::vector<int32_t> placesAfter(const PlanLoop& loop, int64_t steps, const std::vector<int32_t>& places) {
  std::vector<int32_t> result = places;
  for (int64_t i = steps % cycleLength(loop); i > 0; --i) step(loop, result);
  return result;
}

Loop::Loop(PlanRunner& runner, std::span<Field* const> places, const double* params)
    : runner_(runner), params_(params) {
  const Plan& plan = runner.plan();
  phases_ = static_cast<size_t>(cycleLength(*plan.loop));
  std::vector<Field*> held(places.begin(), places.end());
  for (size_t phase = 0; phase < phases_; ++phase) {
    cycle_.insert(cycle_.end(), held.begin(), held.begin() + plan.bound);
    step(*plan.loop, held);
  }
  prepare();
}

int64_t Loop::advance(int64_t most, const RunId& id, RunStats& stats) {
  longest_ = std::max(longest_, most);
  const Chain* chain = runner_.chain(id);
  const bool tuning = runner_.tuning();
  const auto begin = tuning ? nowNs() : 0;
  const int64_t steps = chain ? std::min<int64_t>(chain->steps, most) : 1;
  if (steps > 1) {
    runner_.runPass(phase_, static_cast<int>(steps), params_, id, stats);
  } else {
    runner_.runPrepared(phase_, params_, id, stats);
  }
  phase_ = (phase_ + static_cast<size_t>(steps)) % phases_;
  // A pass that the end of the loop cuts short tells nothing of whole ones, if there are any.
  if (tuning && (!chain || steps == chain->steps || steps == longest_)) {
    runner_.tune(steps, nowNs() - begin, id, stats);
  }
  return steps;
}

}  // namespace quadrille
