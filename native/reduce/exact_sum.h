// Sums of doubles without any rounding: values in, in any order and any grouping; their exact sum, rounded once, out.
//
// A fixed-point number wide enough for every double (Kulisch's long accumulator) takes what a vectorised pass leaves:
// blocks of values are split, error-free, into multiples of two powers of two below the block's greatest exponent
// (Rump, Ogita and Oishi 2008, Demmel and Nguyen 2015), whose sums are exact in double. What two such cuts leave
// (of values 2^27 times smaller than the block's greatest) is cut twice more, and what that leaves (2^108 times
// smaller) goes into the fixed-point number one by one. The greatest exponent is guessed to be the block's before and
// found out on the way: from memory, a pass of its own would wait for the values where the cuts could already work.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "executor/plan.h"
#include "reduce/cut.h"

namespace quadrille {

class ExactSum {
 public:
  // Most values in one block: bounds what the cuts can add up without rounding.
  static constexpr int64_t kBlock = 4096;

  // Adds n <= kBlock values. `scratch` has room for as many; it may be where they are.
  void add(const double* values, int64_t n, double* scratch);
  void add(const float* values, int64_t n, double* scratch);
  void add(double value);
  void merge(const ExactSum& other);
  // Rounded to nearest even, once, to the type. Beyond its range: infinity. Infinities and NaN among the values count
  // as in any sum of them. An exact zero is +0.
  double result(DType type) const;

 private:
  // Digits of 32 bits in 64: carries wait. Digit i counts multiples of 2^(32 i - 1074).
  static constexpr int kDigits = 68;
  // Adding a double changes a digit by less than 2^32.
  static constexpr int64_t kMostPending = int64_t{1} << 29;

  template <class T>
  void addBlock(const T* values, int64_t n, double* scratch);
  template <class T>
  void addCut(const Cut& part, const T* values, int64_t n, int top, double* scratch);
  void addFinite(const double* values, int64_t n);
  void carry();

  std::array<int64_t, kDigits> digits_{};
  int64_t pending_ = 0;
  // What the next block's values are likely to be below, as a power of two.
  static constexpr int kUnknown = 1 << 20;
  int top_ = kUnknown;
  bool plusInfinity_ = false, minusInfinity_ = false, nan_ = false;
};

}  // namespace quadrille
