// Which of several ways to take a loop's steps is the fastest here: times of the first steps in, a choice out, the same
// on every rank. Results do not depend on the way, so nobody notices.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace quadrille {

class Tuner {
 public:
  // Makes each number the largest of all ranks': collective.
  using Agree = std::function<void(std::span<double>)>;

  // `steps`: of each way, how many it takes at once. `remembered`: the choice of an earlier run, or -1; taken if all
  // ranks remember the same.
  Tuner(std::vector<int> steps, int remembered);

  bool decided() const { return chosen_ >= 0; }
  // The way to take the next steps in.
  int current() const { return decided() ? chosen_ : current_; }
  bool begun() const { return begun_; }
  // Before the first steps. Collective.
  void begin(const Agree& agree);
  // So many steps were taken in the current way, in so many nanoseconds. Collective whenever a round ends.
  void note(int64_t steps, int64_t nanoseconds, const Agree& agree);
  // Measurements made so far.
  int64_t measured() const { return measured_; }

 private:
  void endMeasurement(const Agree& agree);
  void endRound(const Agree& agree);

  const std::vector<int> steps_;
  const int remembered_;
  std::vector<double> best_;  // nanoseconds per step
  std::vector<bool> given_up_;
  bool begun_ = false;
  int warmUps_ = 0;
  int current_ = 0, round_ = 0, chosen_ = -1;
  int64_t least_ = 1;  // steps of a measurement
  int64_t taken_ = 0, nanoseconds_ = 0, measured_ = 0;
};

}  // namespace quadrille
