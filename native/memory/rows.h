// The rows of a block: all its indices along the last dimension at once, for loops that copy or fill.
#pragma once

#include "executor/plan.h"
#include "executor/team.h"

namespace quadrille {

class Rows {
 public:
  explicit Rows(const Index& extent) : extent_(extent), count_(1) {
    for (size_t d = 0; d + 1 < extent_.size(); ++d) count_ *= extent_[d];
    if (length() == 0) count_ = 0;
  }
  int64_t count() const { return count_; }
  int64_t length() const { return extent_.back(); }

  // Element offset of the row's first element; the last entry of `at` is 0.
  static int64_t offset(const Index& at, const Index& strides) {
    int64_t sum = 0;
    for (size_t d = 0; d < at.size(); ++d) sum += at[d] * strides[d];
    return sum;
  }

  // visit(at, row) for the rows of one of `parts` contiguous shares; row counts in C order.
  template <class Visit>
  void forShare(int64_t part, int64_t parts, Visit&& visit) const {
    const int64_t end = cut(count_, parts, part + 1);
    Index at = extent_;
    at.back() = 0;
    int64_t row = cut(count_, parts, part);
    if (row >= end) return;
    int64_t rest = row;
    for (size_t d = extent_.size() - 1; d-- > 0;) {
      at[d] = rest % extent_[d];
      rest /= extent_[d];
    }
    for (; row < end; ++row) {
      visit(static_cast<const Index&>(at), row);
      for (size_t d = extent_.size() - 1; d-- > 0;) {
        if (++at[d] < extent_[d]) break;
        at[d] = 0;
      }
    }
  }

 private:
  Index extent_;
  int64_t count_;
};

}  // namespace quadrille
