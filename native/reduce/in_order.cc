// See in_order.h.
#include "reduce/in_order.h"

#include <cmath>
#include <type_traits>

#include "reduce/lanes.h"

namespace quadrille {

double pairwiseSum(const double* values, int64_t n) {
  constexpr int64_t kBlock = 128;
  constexpr int kLanes = 8;
  if (n < kLanes) {
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += values[i];
    return sum;
  }
  if (n <= kBlock) {
    double lanes[kLanes];
    for (int k = 0; k < kLanes; ++k) lanes[k] = values[k];
    int64_t i = kLanes;
    for (; i + kLanes <= n; i += kLanes) {
      for (int k = 0; k < kLanes; ++k) lanes[k] += values[i + k];
    }
    double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
    for (; i < n; ++i) sum += values[i];
    return sum;
  }
  const int64_t half = n / 2 - n / 2 % kLanes;
  return pairwiseSum(values, half) + pairwiseSum(values + half, n - half);
}

int64_t pairwiseSum(const int64_t* values, int64_t n) { return static_cast<int64_t>(sumOf(values, n)); }

template <class T>
void InOrder<T>::take(ReduceFn fn, T x, int64_t number) {
  switch (fn) {
    case ReduceFn::sum:
      value = plus(value, x);
      return;
    case ReduceFn::prod:
      value = times(value, x);
      return;
    default:
      break;
  }
  const bool least = fn == ReduceFn::min || fn == ReduceFn::argmin;
  bool better = at < 0;
  if (!better && value == value) {
    better = x != x || (least ? x < value : x > value);
    if constexpr (std::is_floating_point_v<T>) {
      // Of zeros, as over all elements.
      if (x == 0 && value == 0 && (fn == ReduceFn::min || fn == ReduceFn::max)) {
        better = std::signbit(x) != std::signbit(value) && std::signbit(x) == least;
      }
    }
  }
  if (!better) return;
  value = x;
  at = number;
}

template struct InOrder<double>;
template struct InOrder<int64_t>;

}  // namespace quadrille
