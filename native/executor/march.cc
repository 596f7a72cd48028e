// See march.h.
#include "executor/march.h"

#include <algorithm>

#include "executor/binding.h"

namespace quadrille {

void MarchRunner::add(const Task& task, int along, const Index& moved, const Index& by, PreparedTask prepared) {
  const Box& box = task.interior.front();
  std::vector<int64_t>& ints = prepared.ints;
  for (size_t d = 0; d < box.size(); ++d) {
    ints[3 * d] = box[d].first;
    ints[3 * d + 1] = box[d].second;
  }
  std::vector<std::pair<size_t, int64_t>> onward;
  eachMoved(task, ints.size(), [&](size_t at, const Move& move) {
    const auto integer = static_cast<size_t>(move.integer);
    ints[at] += move.by * moved[integer];
    if (by[integer] != 0) onward.emplace_back(at, move.by * by[integer]);
  });
  const auto [lo, hi] = box[static_cast<size_t>(along)];
  parts_.push_back({std::move(prepared), 3 * static_cast<size_t>(along), lo, hi, std::move(onward)});
}

// Members take neighbouring strips: those of what they touched first.
void MarchRunner::run(Team& team, const double* params, int64_t count) const {
  if (parts_.empty()) return;
  const int64_t length = parts_.front().hi - parts_.front().lo, strips = (length + width_ - 1) / width_;
  const int members = static_cast<int>(std::min<int64_t>({members_, team.size(), strips}));
  using Ints = std::vector<std::vector<int64_t>>;
  std::vector<Ints> all(static_cast<size_t>(members), Ints(parts_.size()));
  for (Ints& own : all) {
    for (size_t p = 0; p < parts_.size(); ++p) own[p] = parts_[p].task.ints;
  }
  team.run(members, [&](int member) noexcept {
    Ints& ints = all[static_cast<size_t>(member)];
    const int64_t last = cut(strips, members, member + 1);
    for (int64_t strip = cut(strips, members, member); strip < last; ++strip) {
      for (size_t p = 0; p < parts_.size(); ++p) {
        const Part& part = parts_[p];
        std::ranges::copy(part.task.ints, ints[p].begin());
        ints[p][part.strip] = part.lo + strip * width_;
        ints[p][part.strip + 1] = std::min(part.hi, part.lo + (strip + 1) * width_);
      }
      for (int64_t run = 0; run < count; ++run) {
        for (size_t p = 0; p < parts_.size(); ++p) {
          const Part& part = parts_[p];
          part.task.function(part.task.ptr, params + part.task.firstParam, ints[p].data());
          for (const auto& [at, by] : part.onward) ints[p][at] += by;
        }
      }
    }
  });
}

}  // namespace quadrille
