// See tuner.h.
#include "executor/tuner.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace quadrille {

namespace {

// A measurement takes at least this long, or one pass: other work of the machine comes and goes within milliseconds.
constexpr double kMeasureNs = 3e6;
// The first pass finds its kernels and its memory; the second one tells roughly how long a step takes.
constexpr int kWarmUps = 2;
// Of each way the best measurement counts; what was so much slower in the first round is not measured again.
constexpr int kRounds = 2;
constexpr double kGiveUp = 1.25;
// The first way is what the model says: another one must be better by more than chance.
constexpr double kBetter = 0.97;

}  // namespace

Tuner::Tuner(std::vector<int> steps, int remembered)
    : steps_(std::move(steps)),
      remembered_(remembered),
      best_(steps_.size(), std::numeric_limits<double>::infinity()),
      given_up_(steps_.size(), false) {}

void Tuner::begin(const Agree& agree) {
  begun_ = true;
  double both[] = {static_cast<double>(remembered_), static_cast<double>(-remembered_)};
  agree(both);
  if (both[0] == -both[1] && remembered_ >= 0) chosen_ = remembered_;
}

void Tuner::note(int64_t steps, int64_t nanoseconds, const Agree& agree) {
  if (decided()) return;
  taken_ += steps;
  nanoseconds_ += nanoseconds;
  if (taken_ < std::max<int64_t>(least_, steps_[static_cast<size_t>(current_)])) return;
  if (warmUps_ == kWarmUps) return endMeasurement(agree);
  if (++warmUps_ == kWarmUps) {
    double perStep[] = {static_cast<double>(nanoseconds_) / static_cast<double>(taken_)};
    agree(perStep);
    least_ = static_cast<int64_t>(std::clamp(std::ceil(kMeasureNs / std::max(perStep[0], 1.0)), 1.0, 1e6));
  }
  taken_ = nanoseconds_ = 0;
}

void Tuner::endMeasurement(const Agree& agree) {
  double& best = best_[static_cast<size_t>(current_)];
  best = std::min(best, static_cast<double>(nanoseconds_) / static_cast<double>(taken_));
  taken_ = nanoseconds_ = 0;
  ++measured_;
  do {
    if (++current_ == static_cast<int>(steps_.size())) return endRound(agree);
  } while (given_up_[static_cast<size_t>(current_)]);
}

void Tuner::endRound(const Agree& agree) {
  agree(best_);
  const auto fastest = std::min_element(best_.begin(), best_.end());
  if (++round_ == kRounds) {
    chosen_ = *fastest < kBetter * best_[0] ? static_cast<int>(fastest - best_.begin()) : 0;
    return;
  }
  for (size_t i = 1; i < best_.size(); ++i) given_up_[i] = best_[i] > kGiveUp * *fastest;
  current_ = 0;
}

}  // namespace quadrille
