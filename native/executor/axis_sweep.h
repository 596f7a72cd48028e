// A reduction along axes: one tile in, swept in pieces that fit a buffer; the elements of the result that lie in it,
// each reduced in index order, out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "executor/plan.h"
#include "memory/field.h"

namespace quadrille {

// What a member of the team brings: ExactSum::kBlock elements of each.
template <class T>
struct AxisScratch {
  T* buffer;
  std::span<T> values;
  std::span<int64_t> numbers;
};

// T: what the kernel leaves in the buffer, double or int64_t.
template <class T>
class AxisSweep {
 public:
  // `ptr` and `ints` are the kernel's, to be changed: its buffer is number `position` among the slots, its strides
  // begin at ints[strides].
  AxisSweep(KernelFn kernel, const double* params, std::span<void*> ptr, std::span<int64_t> ints, size_t position,
            size_t strides, const TaskReduction& reduction, const Box& box, AxisScratch<T> scratch);
  void run(Field& into) noexcept;

 private:
  // Evaluates [lo, hi); position j goes to buffer[sum of (j[d] - lo[d]) * stride[d]].
  void evaluate(const Index& lo, const Index& hi, const Index& stride);
  void fresh(int64_t count);
  void take(int64_t i, T x, int64_t number);
  // Elements that lie side by side, for every position along the axes.
  void acrossRows(Index lo, Index hi, int64_t count, const Index& stride);
  // Rows along the last dimension, which is reduced.
  void alongRows(Index lo, Index hi, int64_t count, const Index& stride);
  T longSum(Index& lo, Index& hi, int64_t from, int64_t n, const Index& stride);
  void store(Field& into, const Index& lo, const Index& hi) const;
  bool reduced(size_t d) const { return isReduced_[d]; }
  // The next position along the reduced dimensions but `inner`; false after the last.
  bool next(Index& lo, Index& hi, size_t inner) const;

  KernelFn kernel_;
  const double* params_;
  std::span<void*> ptr_;
  std::span<int64_t> ints_;
  size_t position_, strides_;
  const TaskReduction& reduction_;
  const Box& box_;
  AxisScratch<T> scratch_;
  // How far this run's integers moved what the kernel sweeps from the box, which is where the Plan's own put it.
  Index shift_;
  std::vector<bool> isReduced_;
};

}  // namespace quadrille
