// What one reduction has come to so far, on one thread or one rank: values in, in any order and grouping; merged, the
// same bits whatever the order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "executor/plan.h"
#include "reduce/exact_sum.h"
#include "reduce/result.h"

namespace quadrille {

// Which number each value of a block has among all that are reduced.
struct Numbering {
  const TaskReduction& reduction;
  const Index &lo, &extent;  // loop positions [lo, lo + extent), the last one innermost
  bool ascending;            // numbers grow from each value to the next

  int64_t of(int64_t i) const {
    int64_t number = reduction.first;
    for (size_t d = lo.size(); d-- > 0;) {
      number += reduction.steps[d] * (lo[d] + i % extent[d]);
      i /= extent[d];
    }
    return number;
  }
};

// T: double, of floats; int64_t, of integers and truth values, whose sums and products are taken modulo 2^64.
template <class T>
class Accumulator {
 public:
  explicit Accumulator(ReduceFn fn) : fn_(fn), whole_(fn == ReduceFn::prod ? 1 : 0) {}

  // 1 <= n <= ExactSum::kBlock elements of type E, which fits into T. `scratch` has room for as many of T; it may be
  // where they are.
  template <class E>
  void add(const E* values, int64_t n, T* scratch, const Numbering& numbers);
  void merge(const Accumulator& other);
  Result result(DType type) const;

 private:
  bool beats(T a, T b) const;
  bool ties(T a, T b) const { return a == b || (a != a && b != b); }
  void take(T value, int64_t number);
  bool least() const { return fn_ == ReduceFn::min || fn_ == ReduceFn::argmin; }
  bool counts() const { return fn_ == ReduceFn::argmin || fn_ == ReduceFn::argmax; }

  ReduceFn fn_;
  bool seen_ = false;
  T extreme_ = 0;
  int64_t number_ = 0;
  uint64_t whole_;
  ExactSum sum_;
};

using AnyAccumulator = std::variant<Accumulator<double>, Accumulator<int64_t>>;

// Both of one reduction.
void merge(AnyAccumulator& into, const AnyAccumulator& other);

AnyAccumulator accumulatorOf(const TaskReduction& reduction);

// `n` elements of the type at `values`; as Accumulator::add.
void addElements(AnyAccumulator& accumulator, DType type, const void* values, int64_t n, void* scratch,
                 const Numbering& numbers);

}  // namespace quadrille
