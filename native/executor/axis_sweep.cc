// See axis_sweep.h.
#include "executor/axis_sweep.h"

#include <algorithm>

#include "reduce/exact_sum.h"
#include "reduce/in_order.h"

namespace quadrille {

template <class T>
AxisSweep<T>::AxisSweep(KernelFn kernel, const double* params, std::span<void*> ptr, std::span<int64_t> ints,
                        size_t position, size_t strides, const TaskReduction& reduction, const Box& box,
                        AxisScratch<T> scratch)
    : kernel_(kernel),
      params_(params),
      ptr_(ptr),
      ints_(ints),
      position_(position),
      strides_(strides),
      reduction_(reduction),
      box_(box),
      scratch_(scratch),
      shift_(box.size()),
      isReduced_(box.size(), false) {
  for (size_t d = 0; d < box.size(); ++d) shift_[d] = ints[3 * d] - box[d].first;
  for (const int64_t axis : reduction.axes) isReduced_[axis] = true;
}

template <class T>
void AxisSweep<T>::evaluate(const Index& lo, const Index& hi, const Index& stride) {
  int64_t before = 0;
  for (size_t d = 0; d < lo.size(); ++d) {
    ints_[3 * d] = lo[d] + shift_[d];
    ints_[3 * d + 1] = hi[d] + shift_[d];
    if (d + 1 < lo.size()) ints_[strides_ + d] = stride[d];
    before += ints_[3 * d] * stride[d];
  }
  ptr_[position_] = scratch_.buffer - before;
  kernel_(ptr_.data(), params_, ints_.data());
}

template <class T>
void AxisSweep<T>::fresh(int64_t count) {
  const auto begin = InOrder<T>::fresh(reduction_.fn);
  std::fill_n(scratch_.values.begin(), count, begin.value);
  std::fill_n(scratch_.numbers.begin(), count, begin.at);
}

template <class T>
void AxisSweep<T>::take(int64_t i, T x, int64_t number) {
  InOrder<T> element{scratch_.values[i], scratch_.numbers[i]};
  element.take(reduction_.fn, x, number);
  scratch_.values[i] = element.value;
  scratch_.numbers[i] = element.at;
}

template <class T>
bool AxisSweep<T>::next(Index& lo, Index& hi, size_t inner) const {
  for (size_t d = lo.size(); d-- > 0;) {
    if (!reduced(d) || d == inner) continue;
    if (++lo[d] < box_[d].second) {
      hi[d] = lo[d] + 1;
      return true;
    }
    lo[d] = box_[d].first;
    hi[d] = lo[d] + 1;
  }
  return false;
}

template <class T>
void AxisSweep<T>::acrossRows(Index lo, Index hi, int64_t count, const Index& stride) {
  const auto inner = static_cast<size_t>(reduction_.axes.back());
  const int64_t batch = std::max<int64_t>(ExactSum::kBlock / count, 1);
  T* const values = scratch_.values.data();
  do {
    for (lo[inner] = box_[inner].first; lo[inner] < box_[inner].second; lo[inner] = hi[inner]) {
      hi[inner] = std::min(lo[inner] + batch, box_[inner].second);
      evaluate(lo, hi, stride);
      for (int64_t k = lo[inner]; k < hi[inner]; ++k) {
        const T* const row = scratch_.buffer + (k - lo[inner]) * count;
        if (reduction_.fn == ReduceFn::sum) {
          for (int64_t i = 0; i < count; ++i) values[i] = plus(values[i], row[i]);
        } else if (reduction_.fn == ReduceFn::prod) {
          for (int64_t i = 0; i < count; ++i) values[i] = times(values[i], row[i]);
        } else {
          for (int64_t i = 0; i < count; ++i) take(i, row[i], k);
        }
      }
    }
  } while (next(lo, hi, inner));
}

template <class T>
T AxisSweep<T>::longSum(Index& lo, Index& hi, int64_t from, int64_t n, const Index& stride) {
  const size_t last = lo.size() - 1;
  if (n <= ExactSum::kBlock) {
    lo[last] = from;
    hi[last] = from + n;
    evaluate(lo, hi, stride);
    return pairwiseSum(scratch_.buffer, n);
  }
  const int64_t half = n / 2 - n / 2 % 8;  // as pairwiseSum() does
  const T left = longSum(lo, hi, from, half, stride);
  return plus(left, longSum(lo, hi, from + half, n - half, stride));
}

template <class T>
void AxisSweep<T>::alongRows(Index lo, Index hi, int64_t count, const Index& stride) {
  const size_t last = lo.size() - 1;
  const int64_t begin = box_[last].first, n = box_[last].second - begin;
  do {
    if (n > ExactSum::kBlock && reduction_.fn == ReduceFn::sum) {
      scratch_.values[0] = plus(scratch_.values[0], longSum(lo, hi, begin, n, stride));  // one row at a time
      continue;
    }
    for (int64_t from = 0; from < n; from += ExactSum::kBlock) {
      const int64_t length = std::min(n - from, ExactSum::kBlock);
      lo[last] = begin + from;
      hi[last] = lo[last] + length;
      evaluate(lo, hi, stride);
      for (int64_t i = 0; i < count; ++i) {
        const T* const row = scratch_.buffer + i * length;
        if (reduction_.fn == ReduceFn::sum) {
          scratch_.values[i] = plus(scratch_.values[i], pairwiseSum(row, length));
        } else {
          for (int64_t k = 0; k < length; ++k) take(i, row[k], lo[last] + k);
        }
      }
    }
  } while (next(lo, hi, last));
}

template <class T>
void AxisSweep<T>::store(Field& into, const Index& lo, const Index& hi) const {
  Index at = lo;
  const DType type = into.desc().dtype;
  const auto size = static_cast<int64_t>(sizeOf(type));
  for (int64_t i = 0;; ++i) {
    int64_t offset = 0;
    for (size_t d = 0; d < reduction_.dims.size(); ++d) {
      const int64_t dim = reduction_.dims[d];
      if (dim >= 0) offset += at[dim] * into.strides()[d];
    }
    const InOrder<T> element{scratch_.values[i], scratch_.numbers[i]};
    quadrille::store(element.result(reduction_.fn), type, into.origin() + offset * size);
    size_t d = at.size();
    for (;;) {
      if (d-- == 0) return;
      if (reduced(d)) continue;
      if (++at[d] < hi[d]) break;
      at[d] = lo[d];
    }
  }
}

template <class T>
void AxisSweep<T>::run(Field& into) noexcept {
  const size_t dims = box_.size(), last = dims - 1;
  const bool rows = reduced(last);
  const int64_t length = rows ? box_[last].second - box_[last].first : 1;
  // Kept positions at a time: as many as the buffer holds rows, or single elements.
  int64_t room = std::max<int64_t>(ExactSum::kBlock / length, 1);
  Index chunk(dims, 1);
  for (size_t d = dims; d-- > 0 && room > 1;) {
    if (reduced(d)) continue;
    const int64_t extent = box_[d].second - box_[d].first;
    chunk[d] = std::min(extent, room);
    room = chunk[d] < extent ? 1 : room / chunk[d];
  }
  Index lo(dims), hi(dims), stride(dims);
  for (size_t d = 0; d < dims; ++d) lo[d] = box_[d].first;
  for (;;) {
    int64_t count = 1;
    const int64_t width = rows ? std::min(length, ExactSum::kBlock) : 1;
    for (size_t d = dims; d-- > 0;) {
      if (reduced(d)) {
        hi[d] = lo[d] + 1;
        stride[d] = d == last ? 1 : 0;
        continue;
      }
      hi[d] = std::min(lo[d] + chunk[d], box_[d].second);
      stride[d] = count * width;
      count *= hi[d] - lo[d];
    }
    // Positions along the innermost axis lie behind each other.
    if (!rows) stride[reduction_.axes.back()] = count;
    fresh(count);
    if (rows) {
      alongRows(lo, hi, count, stride);
    } else {
      acrossRows(lo, hi, count, stride);
    }
    store(into, lo, hi);
    size_t d = dims;
    for (;;) {
      if (d-- == 0) return;
      if (reduced(d)) continue;
      lo[d] += chunk[d];
      if (lo[d] < box_[d].second) break;
      lo[d] = box_[d].first;
    }
  }
}

template class AxisSweep<double>;
template class AxisSweep<int64_t>;

}  // namespace quadrille
