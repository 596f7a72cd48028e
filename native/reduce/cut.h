// The vectorised part of an exact sum: a block of values in; out come two doubles that are exact sums of the values'
// leading bits, and what is left of them.
#pragma once

#include <cstdint>

namespace quadrille {

// Blocks have at most 4096 values.
struct Cut {
  double high, low;  // NaN if there is one among the values
  double greatest;   // absolute value among them, NaN aside
  bool rest;         // bits are left below both cuts (or there are infinities or NaN)
};

// Values beyond are not cut.
constexpr int kGreatestTop = 1000;

// The least exponent with every |value| < 2^top; beyond kGreatestTop where there are infinities or NaN.
int topOf(const double* values, int64_t n);
int topOf(const float* values, int64_t n);
int topOf(double greatest);

// `top` <= kGreatestTop. If `greatest` turns out not to be below 2^top, nothing else in the answer holds.
Cut cut(const double* values, int64_t n, int top);
Cut cut(const float* values, int64_t n, int top);

// What that cut leaves of each value, all below 2^topBelow(top), without long runs of zeros; returns how many. `left`
// may be `values`.
int64_t leftBy(const double* values, int64_t n, int top, double* left);
int64_t leftBy(const float* values, int64_t n, int top, double* left);
int topBelow(int top);

// The same without the zeros; returns how many.
int64_t gatherLeftBy(const double* values, int64_t n, int top, double* left);

}  // namespace quadrille
