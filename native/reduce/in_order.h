// Reductions whose result depends on the order: NumPy's, element by element. In: values in that order; out: the same
// bits as NumPy's for arrays in C order (f64; integers modulo 2^64).
#pragma once

#include <cstdint>

#include "executor/plan.h"
#include "reduce/result.h"

namespace quadrille {

// Sum of n values by pairs, in the order of NumPy's pairwise summation (numpy/core/src/umath/loops_utils.h.src).
double pairwiseSum(const double* values, int64_t n);
// Integers need no order. Modulo 2^64, as all that follows.
int64_t pairwiseSum(const int64_t* values, int64_t n);

inline double plus(double a, double b) { return a + b; }
inline double times(double a, double b) { return a * b; }
inline int64_t plus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
inline int64_t times(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

// What one element of the result has come to; T: double or int64_t.
template <class T>
struct InOrder {
  T value;
  int64_t at;  // argmin, argmax: where the extreme was met; -1: nothing has been met

  static InOrder fresh(ReduceFn fn) { return {static_cast<T>(fn == ReduceFn::prod ? 1 : 0), -1}; }
  // `number` counts along the axis.
  void take(ReduceFn fn, T x, int64_t number);
  Result result(ReduceFn fn) const {
    if (fn == ReduceFn::argmin || fn == ReduceFn::argmax) return at;
    return value;
  }
};

}  // namespace quadrille
