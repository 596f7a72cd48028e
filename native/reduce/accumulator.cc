// See accumulator.h.
#include "reduce/accumulator.h"

#include <cmath>

namespace quadrille {

// NaN beats numbers, as in NumPy; for min and max +0 is above -0, or their bits would depend on the order.
bool Accumulator::beats(double a, double b) const {
  if (a != a || b != b) return a != a && b == b;
  const bool lesser = fn_ == ReduceFn::min || fn_ == ReduceFn::argmin;
  if (a == b) {
    if (a != 0 || (fn_ != ReduceFn::min && fn_ != ReduceFn::max)) return false;
    return lesser ? std::signbit(a) && !std::signbit(b) : !std::signbit(a) && std::signbit(b);
  }
  return lesser ? a < b : a > b;
}

double Accumulator::extremeOf(const double* values, int64_t n) const {
  const double sign = fn_ == ReduceFn::min || fn_ == ReduceFn::argmin ? -1 : 1;
  // Lanes of their own, so that the compiler can make vectors of them.
  constexpr int kLanes = 16;
  double most[kLanes];
  bool nan = false;
  for (double& lane : most) lane = sign * values[0];
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const double x = sign * values[i + lane];
      nan |= x != x;
      most[lane] = x > most[lane] ? x : most[lane];
    }
  }
  double extreme = most[0];
  for (const double lane : most) extreme = lane > extreme ? lane : extreme;
  for (; i < n; ++i) {
    const double x = sign * values[i];
    nan |= x != x;
    extreme = x > extreme ? x : extreme;
  }
  if (nan) return std::nan("");
  extreme *= sign;
  if (extreme != 0) return extreme;
  // Which zero: rare, or the first one decides.
  for (int64_t k = 0; k < n; ++k) {
    if (values[k] == 0 && beats(values[k], extreme)) extreme = values[k];
  }
  return extreme;
}

void Accumulator::take(double value, int64_t number) {
  if (seen_ && !beats(value, extreme_)) {
    const bool counts = fn_ == ReduceFn::argmin || fn_ == ReduceFn::argmax;
    if (!counts || !ties(value, extreme_) || number >= number_) return;
  }
  seen_ = true;
  extreme_ = value;
  number_ = number;
}

void Accumulator::merge(const Accumulator& other) {
  if (fn_ == ReduceFn::sum) {
    sum_.merge(other.sum_);
  } else if (other.seen_) {
    take(other.extreme_, other.number_);
  }
}

double Accumulator::result(DType type) const {
  switch (fn_) {
    case ReduceFn::sum:
      return sum_.result(type);
    case ReduceFn::argmin:
    case ReduceFn::argmax:
      return static_cast<double>(number_);
    default:
      return extreme_;
  }
}

}  // namespace quadrille
