// See accumulator.h.
#include "reduce/accumulator.h"

#include <cmath>
#include <type_traits>

#include "reduce/lanes.h"

namespace quadrille {

// NaN beats numbers, as in NumPy; for min and max +0 is above -0, or their bits would depend on the order.
template <class T>
bool Accumulator<T>::beats(T a, T b) const {
  if (a != a || b != b) return a != a && b == b;
  if (a == b) {
    if constexpr (std::is_integral_v<T>) return false;
    if (a != 0 || counts()) return false;
    return least() ? std::signbit(a) && !std::signbit(b) : !std::signbit(a) && std::signbit(b);
  }
  return least() ? a < b : a > b;
}

template <class T>
void Accumulator<T>::take(T value, int64_t number) {
  if (seen_ && !beats(value, extreme_)) {
    if (!counts() || !ties(value, extreme_) || number >= number_) return;
  }
  seen_ = true;
  extreme_ = value;
  number_ = number;
}

template <class T>
template <class E>
void Accumulator<T>::add(const E* values, int64_t n, T* scratch, const Numbering& numbers) {
  switch (fn_) {
    case ReduceFn::sum:
      if constexpr (std::is_integral_v<T>) {
        whole_ += sumOf(values, n);
      } else {
        sum_.add(values, n, scratch);
      }
      return;
    case ReduceFn::prod:  // of floats only in order (plan.cc)
      if constexpr (std::is_same_v<E, int64_t>) whole_ *= productOf(values, n);
      return;
    case ReduceFn::min:
    case ReduceFn::max: {
      const T extreme = least() ? leastOf(values, n) : greatestOf(values, n);
      if (std::is_floating_point_v<T> && extreme == 0) {
        // Which zero: rare, or the first one decides.
        for (int64_t i = 0; i < n; ++i) {
          if (values[i] == 0) take(values[i], 0);
        }
      }
      return take(extreme, 0);
    }
    case ReduceFn::argmin:
    case ReduceFn::argmax: {
      const T extreme = least() ? leastOf(values, n) : greatestOf(values, n);
      if (seen_ && !beats(extreme, extreme_) && !ties(extreme, extreme_)) return;
      if (seen_ && ties(extreme, extreme_) && numbers.ascending && numbers.of(0) > number_) return;
      for (int64_t i = placeOf(extreme, values, n); i < n; ++i) {
        if (!ties(values[i], extreme)) continue;
        take(values[i], numbers.of(i));
        if (numbers.ascending) return;
      }
      return;
    }
  }
}

template <class T>
void Accumulator<T>::merge(const Accumulator& other) {
  switch (fn_) {
    case ReduceFn::sum:
      whole_ += other.whole_;
      if constexpr (std::is_floating_point_v<T>) sum_.merge(other.sum_);
      return;
    case ReduceFn::prod:
      whole_ *= other.whole_;
      return;
    default:
      if (other.seen_) take(other.extreme_, other.number_);
  }
}

template <class T>
Result Accumulator<T>::result(DType type) const {
  switch (fn_) {
    case ReduceFn::sum:
      if constexpr (std::is_floating_point_v<T>) return sum_.result(type);
      [[fallthrough]];
    case ReduceFn::prod:
      return static_cast<int64_t>(whole_);
    case ReduceFn::argmin:
    case ReduceFn::argmax:
      return number_;
    default:
      return extreme_;
  }
}

template class Accumulator<double>;
template class Accumulator<int64_t>;

void merge(AnyAccumulator& into, const AnyAccumulator& other) {
  std::visit([&](auto& mine) { mine.merge(std::get<std::decay_t<decltype(mine)>>(other)); }, into);
}

AnyAccumulator accumulatorOf(const TaskReduction& reduction) {
  if (reduction.of == DType::f64) return Accumulator<double>(reduction.fn);
  return Accumulator<int64_t>(reduction.fn);
}

void addElements(AnyAccumulator& accumulator, DType type, const void* values, int64_t n, void* scratch,
                 const Numbering& numbers) {
  auto* const floats = std::get_if<Accumulator<double>>(&accumulator);
  auto* const wholes = std::get_if<Accumulator<int64_t>>(&accumulator);
  switch (type) {
    case DType::f64:
      return floats->add(static_cast<const double*>(values), n, static_cast<double*>(scratch), numbers);
    case DType::f32:
      return floats->add(static_cast<const float*>(values), n, static_cast<double*>(scratch), numbers);
    case DType::i64:
      return wholes->add(static_cast<const int64_t*>(values), n, static_cast<int64_t*>(scratch), numbers);
    case DType::i32:
      return wholes->add(static_cast<const int32_t*>(values), n, static_cast<int64_t*>(scratch), numbers);
    case DType::boolean:
      return wholes->add(static_cast<const uint8_t*>(values), n, static_cast<int64_t*>(scratch), numbers);
  }
}

}  // namespace quadrille
