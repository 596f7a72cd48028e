// In: merged axes and two addresses; out: bytes moved.
#include "strided_copy.h"

#include <cstring>

namespace quadrille {
namespace {

// A run known at compile time is one or a few moves; a halo column of f64 is nothing but 8-byte runs.
template <size_t run>
void rows(int64_t count, int64_t fromStride, int64_t toStride, const std::byte* from, std::byte* to) {
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(to, from, run);
    from += fromStride;
    to += toStride;
  }
}

}  // namespace

void StridedCopy::run(const std::byte* from, std::byte* to) const {
  if (rank_ == 0) {
    std::memcpy(to, from, run_);
  } else {
    walk(rank_ - 1, from, to);
  }
}

void StridedCopy::walk(int axis, const std::byte* from, std::byte* to) const {
  const auto [count, fromStride, toStride] = axes_[axis];
  if (axis > 0) {
    for (int64_t i = 0; i < count; ++i) walk(axis - 1, from + i * fromStride, to + i * toStride);
    return;
  }
  switch (run_) {
    case 1:
      return rows<1>(count, fromStride, toStride, from, to);
    case 4:
      return rows<4>(count, fromStride, toStride, from, to);
    case 8:
      return rows<8>(count, fromStride, toStride, from, to);
    case 16:
      return rows<16>(count, fromStride, toStride, from, to);
    case 24:
      return rows<24>(count, fromStride, toStride, from, to);
    case 32:
      return rows<32>(count, fromStride, toStride, from, to);
    default:
      for (int64_t i = 0; i < count; ++i) std::memcpy(to + i * toStride, from + i * fromStride, run_);
  }
}

}  // namespace quadrille
