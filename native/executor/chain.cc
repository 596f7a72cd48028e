// See chain.h.
#include "executor/chain.h"

#include <algorithm>

namespace quadrille {

namespace {

int64_t divideUp(int64_t a, int64_t b) { return a >= 0 ? (a + b - 1) / b : -(-a / b); }

// Blocks of a chunk that are done, on a cache line of its own.
struct alignas(64) Progress {
  Signal blocks;
};

}  // namespace

// A part as one member works on it: its own copy of the bounds.
struct Pass::Call {
  std::vector<int64_t> ints;
  bool here = false;  // has columns in this tile
};

std::pair<int64_t, int64_t> Pass::Axis::within(int64_t from, int64_t to) const {
  if (stride == 1) return {std::max(lo, from - shift), std::min(hi, to - shift)};
  return {std::max(lo, divideUp(from - shift, stride)), std::min(hi, divideUp(to - shift, stride))};
}

void Pass::add(PreparedTask task, const Stage& stage, const Index& lag) {
  const Box& box = *stage.box;
  for (size_t d = 0; d < box.size(); ++d) {
    task.ints[3 * d] = box[d].first;
    task.ints[3 * d + 1] = box[d].second;
  }
  const auto axis = [&](size_t d) {
    if (d >= lag.size()) return Axis{0, 1, 1, 0};
    return Axis{box[d].first, box[d].second, stage.stride[d], task.ints[3 * d + 2] + lag[d]};
  };
  const Axis row = axis(0), column = axis(1);
  int64_t count = 1;
  for (const auto& [lo, hi] : box) count *= hi - lo;
  points_ += count;
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
  chunks_ = divideUp(hi0_ - lo0_, chain_.height);
  blocks_ = divideUp(hi1_ - lo1_, chain_.width);
}

void Pass::sweepTile(int64_t chunk, int64_t block, std::vector<Call>& calls) const {
  const int64_t column = lo1_ + block * chain_.width;
  if (chain_.grain.size() > 1) {
    for (size_t p = 0; p < parts_.size(); ++p) {
      const auto [lo, hi] = parts_[p].column.within(column, column + chain_.width);
      calls[p].here = lo < hi;
      calls[p].ints[3] = lo;
      calls[p].ints[4] = hi;
    }
  }
  const int64_t begin = lo0_ + chunk * chain_.height, end = std::min(hi0_, begin + chain_.height);
  for (int64_t i = begin; i < end; i += chain_.rows) {
    const int64_t next = std::min(end, i + chain_.rows);
    for (size_t p = 0; p < parts_.size(); ++p) {
      if (!calls[p].here) continue;
      const Part& part = parts_[p];
      const auto [lo, hi] = part.row.within(i, next);
      if (lo >= hi) continue;
      int64_t* ints = calls[p].ints.data();
      ints[0] = lo;
      ints[1] = hi;
      part.task.function(part.task.ptr, part.task.params, ints);
    }
  }
}

// Members take chunks in turn and follow each other along dimension 1: tile (c, b) begins when (c - 1, b) is done.
void Pass::run(Team& team) const {
  if (parts_.empty()) return;
  const int members = static_cast<int>(std::min<int64_t>({members_, team.size(), chunks_}));
  const auto progress = std::make_unique<Progress[]>(static_cast<size_t>(chunks_));
  std::vector<std::vector<Call>> calls(static_cast<size_t>(members));
  for (std::vector<Call>& own : calls) {
    for (const Part& part : parts_) own.push_back({part.task.ints, true});
  }
  team.run(members, [&](int member) noexcept {
    for (int64_t chunk = member; chunk < chunks_; chunk += members) {
      const Signal* before = chunk > 0 && members > 1 ? &progress[chunk - 1].blocks : nullptr;
      uint32_t ahead = 0;
      for (int64_t block = 0; block < blocks_; ++block) {
        while (before && static_cast<int64_t>(ahead) <= block) ahead = before->awaitChange(ahead, team.spins());
        sweepTile(chunk, block, calls[member]);
        if (members > 1) progress[chunk].blocks.add();
      }
    }
  });
}

}  // namespace quadrille
