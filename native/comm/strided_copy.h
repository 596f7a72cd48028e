// Copies a strided set of elements into another of the same counts: packing (to a dense buffer), unpacking (from one)
// and moving within a rank are this one loop nest, with neighbouring axes merged and the contiguous innermost run
// copied whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace quadrille {

class StridedCopy {
 public:
  static constexpr int kMaxAxes = 8;

  explicit StridedCopy(size_t elementBytes) : run_(elementBytes) {}

  // Axes come innermost first; strides in bytes. At most kMaxAxes with a count other than 1.
  void addAxis(int64_t count, int64_t fromStride, int64_t toStride) {
    if (count == 1) return;
    const auto run = static_cast<int64_t>(run_);
    if (rank_ == 0 && fromStride == run && toStride == run) {
      run_ *= static_cast<size_t>(count);
      return;
    }
    if (rank_ > 0) {
      Axis& inner = axes_[rank_ - 1];
      if (fromStride == inner.fromStride * inner.count && toStride == inner.toStride * inner.count) {
        inner.count *= count;
        return;
      }
    }
    axes_[rank_++] = {count, fromStride, toStride};
  }

  // Addresses of the first element of each.
  void run(const std::byte* from, std::byte* to) const;

 private:
  struct Axis {
    int64_t count, fromStride, toStride;
  };

  void walk(int axis, const std::byte* from, std::byte* to) const;

  size_t run_;  // bytes contiguous on both sides
  int rank_ = 0;
  std::array<Axis, kMaxAxes> axes_{};  // innermost first
};

}  // namespace quadrille
