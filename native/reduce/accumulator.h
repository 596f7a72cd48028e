// What one reduction has come to so far, on one thread or one rank: values in, in any order and grouping; merged, the
// same bits whatever the order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "executor/plan.h"
#include "reduce/exact_sum.h"

namespace quadrille {

class Accumulator {
 public:
  explicit Accumulator(ReduceFn fn) : fn_(fn) {}

  // n <= ExactSum::kBlock values, which may be overwritten; `numberOf(i)` is the number of value i among all reduced.
  template <class NumberOf>
  void add(double* values, int64_t n, NumberOf&& numberOf) {
    switch (fn_) {
      case ReduceFn::sum:
        sum_.add(values, n);
        break;
      case ReduceFn::min:
      case ReduceFn::max:
        take(extremeOf(values, n), 0);
        break;
      case ReduceFn::argmin:
      case ReduceFn::argmax: {
        const double extreme = extremeOf(values, n);
        if (seen_ && !beats(extreme, extreme_) && !ties(extreme, extreme_)) break;
        for (int64_t i = 0; i < n; ++i) {
          if (ties(values[i], extreme)) take(values[i], numberOf(i));
        }
        break;
      }
      case ReduceFn::prod:
        break;  // only in order (plan.cc)
    }
  }
  void merge(const Accumulator& other);
  double result(DType type) const;

 private:
  double extremeOf(const double* values, int64_t n) const;
  bool beats(double a, double b) const;
  bool ties(double a, double b) const { return a == b || (a != a && b != b); }
  void take(double value, int64_t number);

  ReduceFn fn_;
  bool seen_ = false;
  double extreme_ = 0;
  int64_t number_ = 0;
  ExactSum sum_;
};

}  // namespace quadrille
