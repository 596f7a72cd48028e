// See chain.h.
#include "executor/chain.h"

#include <algorithm>

namespace quadrille {

namespace {

int64_t divideUp(int64_t a, int64_t b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }

// Of the stages of one dimension: a thread begins a chunk when another one has brought the chunk before through the
// first of them.
constexpr int64_t kGroups = 8;

}  // namespace

std::pair<int64_t, int64_t> Pass::Axis::within(int64_t from, int64_t to) const {
  if (stride == 1) return {std::max(lo, from - shift), std::min(hi, to - shift)};
  return {std::max(lo, divideUp(from - shift, stride)), std::min(hi, divideUp(to - shift, stride))};
}

// `inner` is of the stage's place in the chain, the box of its place from the end: see Chain in jit/plan.ts. What is
// peeled off it comes as slabs, of the outer dimensions first.
std::vector<Box> Pass::boxesOf(const Stage& stage, const std::optional<Box>& inner, Zone zone) {
  if (!stage.box) return {};
  Box rest = *stage.box, within = rest;
  bool any = inner.has_value();
  for (size_t d = 0; any && d < rest.size(); ++d) {
    within[d] = {std::max(rest[d].first, (*inner)[d].first), std::min(rest[d].second, (*inner)[d].second)};
    any = within[d].first < within[d].second;
  }
  if (!any) return zone == Zone::inner ? std::vector<Box>{} : std::vector<Box>{rest};
  if (zone == Zone::inner) return {within};
  std::vector<Box> slabs;
  for (size_t d = 0; d < within.size(); ++d) {
    const auto [lo, hi] = rest[d];
    for (const auto& cut : {std::pair(lo, within[d].first), std::pair(within[d].second, hi)}) {
      if (cut.first >= cut.second) continue;
      rest[d] = cut;
      slabs.push_back(rest);
    }
    rest[d] = within[d];
  }
  return slabs;
}

void Pass::add(PreparedTask task, const Stage& stage, const Box& box, const Index& lag) {
  for (size_t d = 0; d < box.size(); ++d) {
    task.ints[3 * d] = box[d].first;
    task.ints[3 * d + 1] = box[d].second;
  }
  const auto axis = [&](size_t d) {
    if (d >= lag.size()) return Axis{0, 1, 1, 0};
    return Axis{box[d].first, box[d].second, stage.stride[d], task.ints[3 * d + 2] + lag[d] + stage.lead[d]};
  };
  const Axis row = axis(0), column = axis(1);
  whole_ = whole_ && box == *stage.box;
  parts_.push_back({std::move(task), row, column});
}

// The walk passes every stage's positions.
void Pass::layOut() {
  if (parts_.empty()) return;
  const auto first = [](const Axis& axis) { return axis.stride * axis.lo + axis.shift; };
  const auto last = [](const Axis& axis) { return axis.stride * (axis.hi - 1) + axis.shift + 1; };
  lo0_ = lo1_ = INT64_MAX;
  hi0_ = hi1_ = INT64_MIN;
  for (const Part& part : parts_) {
    lo0_ = std::min(lo0_, first(part.row));
    hi0_ = std::max(hi0_, last(part.row));
    lo1_ = std::min(lo1_, first(part.column));
    hi1_ = std::max(hi1_, last(part.column));
  }
  if (chain_.grain.size() > 1) {
    const int64_t grain = chain_.grain[1];
    lo1_ -= ((lo1_ - chain_.alignAt) % grain + grain) % grain;
  }
  chunks_ = divideUp(hi0_ - lo0_, height_);
  blocks_ = divideUp(hi1_ - lo1_, chain_.width);
  // In one dimension there is nothing to follow along but the steps themselves: all that a stage needs of a chunk are
  // earlier stages of the chunks up to it.
  if (chain_.grain.size() == 1 && members_ > 1) {
    groups_ = std::min<int64_t>(kGroups, static_cast<int64_t>(parts_.size()));
    blocks_ = groups_;
  }
}

// What lies along the sides of a block has few rows, which members should share all the same.
void Pass::cutThin() {
  constexpr int64_t kParts = 8;
  if (members_ == 1 || whole_ || parts_.empty()) return;
  height_ = std::max(chain_.rows, divideUp(divideUp(height_, kParts), chain_.rows) * chain_.rows);
  chunks_ = divideUp(hi0_ - lo0_, height_);
}

void Pass::makeScratch() {
  if (parts_.empty()) return;
  std::vector<Call> own;
  for (const Part& part : parts_) own.push_back({part.task.ints, true});
  calls_.assign(static_cast<size_t>(std::min<int64_t>(members_, chunks_)), own);
  if (calls_.size() > 1) progress_ = std::make_unique<Progress[]>(static_cast<size_t>(chunks_));
}

void Pass::sweepTile(int64_t chunk, int64_t block, const double* params, std::vector<Call>& calls) const {
  const int64_t column = lo1_ + block * chain_.width;
  if (chain_.grain.size() > 1) {
    for (size_t p = 0; p < parts_.size(); ++p) {
      const auto [lo, hi] = parts_[p].column.within(column, column + chain_.width);
      calls[p].here = lo < hi;
      calls[p].ints[3] = lo;
      calls[p].ints[4] = hi;
    }
  }
  const auto group = [&](int64_t number) { return static_cast<size_t>(cut(std::ssize(parts_), groups_, number)); };
  const size_t first = groups_ > 1 ? group(block) : 0, last = groups_ > 1 ? group(block + 1) : parts_.size();
  const int64_t begin = lo0_ + chunk * height_, end = std::min(hi0_, begin + height_);
  const bool nothing = !whole_ && std::ranges::none_of(parts_, [&](const Part& part) {
    const auto [lo, hi] = part.row.within(begin, end);
    return lo < hi;
  });
  if (nothing) return;
  for (int64_t i = begin; i < end; i += chain_.rows) {
    const int64_t next = std::min(end, i + chain_.rows);
    for (size_t p = first; p < last; ++p) {
      if (!calls[p].here) continue;
      const Part& part = parts_[p];
      const auto [lo, hi] = part.row.within(i, next);
      if (lo >= hi) continue;
      int64_t* ints = calls[p].ints.data();
      ints[0] = lo;
      ints[1] = hi;
      part.task.function(part.task.ptr, params + part.task.firstParam, ints);
    }
  }
}

// Members take chunks in turn and follow each other along dimension 1, or the steps: tile (c, b) begins when (c - 1, b)
// is done.
void Pass::run(Team& team, const double* params, const std::function<void()>& between) {
  if (parts_.empty()) return;
  const int members = std::min(static_cast<int>(calls_.size()), team.size());
  team.run(members, [&](int member) noexcept {
    for (int64_t chunk = member; chunk < chunks_; chunk += members) {
      const Signal* before = chunk > 0 && members > 1 ? &progress_[chunk - 1].blocks : nullptr;
      uint32_t ahead = passed_;
      for (int64_t block = 0; block < blocks_; ++block) {
        while (before && static_cast<int64_t>(ahead - passed_) <= block) {
          ahead = before->awaitChange(ahead, team.spins());
        }
        sweepTile(chunk, block, params, calls_[member]);
        if (members > 1) progress_[chunk].blocks.add();
        if (member == 0 && between) between();
      }
    }
  });
  if (members > 1) passed_ += static_cast<uint32_t>(blocks_);
}

}  // namespace quadrille
