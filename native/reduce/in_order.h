// Reductions whose result depends on the order: NumPy's, element by element. In: values in that order; out: the same
// bits as NumPy's for arrays in C order (f64).
#pragma once

#include <cstdint>

#include "executor/plan.h"

namespace quadrille {

// Sum of n values by pairs, in the order of NumPy's pairwise summation (numpy/core/src/umath/loops_utils.h.src).
double pairwiseSum(const double* values, int64_t n);

// What one element of the result has come to.
struct InOrder {
  double value;
  int64_t at;  // argmin, argmax: where the extreme was met; -1: nothing has been met

  static InOrder fresh(ReduceFn fn) { return {fn == ReduceFn::prod ? 1.0 : 0.0, -1}; }
  // `number` counts along the axis.
  void take(ReduceFn fn, double x, int64_t number);
  double result(ReduceFn fn) const {
    return fn == ReduceFn::argmin || fn == ReduceFn::argmax ? static_cast<double>(at) : value;
  }
};

}  // namespace quadrille
