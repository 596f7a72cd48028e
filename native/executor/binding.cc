// See binding.h.
#include "executor/binding.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>

#include "engine/streaming.h"
#include "error.h"

namespace quadrille {

namespace {

// What a wave must move at least for stores around the caches to pay. 5-point, read and written, Granite Rapids: 16 MB
// 0.57 ns per point, around the caches 0.72; 64 MB 0.82 and 0.77; 256 MB 1.17 and 0.70. Most L3 caches (or a process's
// share of them) are smaller.
int64_t streamBytes() {
  static const int64_t bytes = [] {
    int64_t number = int64_t{64} << 20;
    if (const char* given = std::getenv("QUADRILLE_STREAM_BYTES")) {
      std::from_chars(given, given + std::strlen(given), number);
    }
    return number;
  }();
  return bytes;
}

uint64_t nextSerial() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

// Of an element of the block, counted from its first; may lie before the field's memory, where no kernel reads.
void* addressOf(const Field& field, const Index& at) {
  const int64_t elements = std::inner_product(at.begin(), at.end(), field.strides().begin(), int64_t{0});
  return field.origin() + elements * static_cast<int64_t>(sizeOf(field.desc().dtype));
}

}  // namespace

Binding::Binding(const Plan& plan, std::span<const WavePlan> waves, std::span<Field* const> bound,
                 std::span<const std::shared_ptr<Field>> temporaries, Team& team)
    : serial_(nextSerial()), fields_(bound.begin(), bound.end()) {
  for (const auto& field : temporaries) fields_.push_back(field.get());
  takeFields(plan, bound.size(), team);
  prepareCalls(plan, waves, takePointers(plan));
}

void Binding::takeFields(const Plan& plan, size_t bound, Team& team) {
  for (size_t s = 0; s < fields_.size(); ++s) {
    Field& field = *fields_[s];
    const PlanSlot& slot = plan.slots[s];
    const FieldDesc& desc = field.desc();
    if (desc.dtype != slot.dtype || desc.shape != slot.shape || desc.offset != slot.offset ||
        desc.extent != slot.extent) {
      throw UsageError("the field bound to slot " + std::to_string(s) + " has another dtype, shape or block");
    }
    if (std::find(fields_.begin(), fields_.begin() + s, &field) != fields_.begin() + s) {
      throw UsageError("one field is bound to two slots");  // kernels are compiled for distinct ones
    }
    field.ensure(slot.haloLo, slot.haloHi, slot.alignAt, team);
  }
  for (size_t s = 0; s < bound; ++s) {
    ids_.push_back(plan.slots[s].replicated ? 0 : fields_[s]->id());
    if (plan.slots[s].replicated) scalars_.push_back(s);
  }
  for (const Field* field : fields_) layouts_.push_back(field->layout());
}

// Returns, per kernel, the strides of its slots without the last, as they go into ints.
std::vector<Index> Binding::takePointers(const Plan& plan) {
  std::vector<Index> strides;
  for (const PlanKernel& kernel : plan.kernels) {
    std::vector<void*>& pointers = pointers_.emplace_back();
    Index& flat = strides.emplace_back();
    pointers.reserve(kernel.slots.size());  // addresses of its elements are kept
    for (size_t k = 0; k < kernel.slots.size(); ++k) {
      const int slot = kernel.slots[k];
      if (slot == kBuffer) {
        pointers.push_back(nullptr);
        flat.insert(flat.end(), kernel.dims - 1, 0);
        continue;
      }
      const Field& field = *fields_[slot];
      pointers.push_back(kernel.starts.empty() ? field.origin() : addressOf(field, kernel.starts[k]));
      if (plan.slots[slot].replicated) scalarPointers_.emplace_back(slot, &pointers.back());
      flat.insert(flat.end(), field.strides().begin(), field.strides().end() - 1);
    }
  }
  return strides;
}

void Binding::prepareCalls(const Plan& plan, std::span<const WavePlan> waves, const std::vector<Index>& strides) {
  const auto eachTile = [waves](auto&& visit) {
    for (size_t w = 0; w < waves.size(); ++w) {
      for (const Tile& tile : waves[w].interior.tiles) visit(w, tile, false);
      for (const Tile& tile : waves[w].boundary.tiles) visit(w, tile, true);
    }
  };
  size_t total = 0;
  eachTile([&](size_t w, const Tile& tile, bool) {
    const Task& task = waves[w].wave->tasks[tile.task];
    total += 3 * tile.box.size() + strides[task.kernel].size() + task.constants.size();
  });
  ints_.reserve(total);  // addresses below stay put
  waves_.resize(waves.size());
  for (size_t w = 0; w < waves.size(); ++w) {
    waves_[w].interior.first = waves[w].interior.first;
    waves_[w].boundary.first = waves[w].boundary.first;
  }
  eachTile([&](size_t w, const Tile& tile, bool boundary) {
    const WavePlan& wave = waves[w];
    const Task& task = wave.wave->tasks[tile.task];
    const int64_t* ints = addInts(task, tile, strides[task.kernel]);
    const bool streams = wave.bytes >= streamBytes() && mayStream(plan.kernels[task.kernel], tile.box);
    Sweep& sweep = boundary ? waves_[w].boundary : waves_[w].interior;
    sweep.calls.push_back({task.kernel, task.firstParam, pointers(task.kernel), ints, streams,
                           wave.reducer && wave.reducer->reduces(tile.task) ? &tile : nullptr});
  });
}

// Returns where the integers of the tile's call begin.
const int64_t* Binding::addInts(const Task& task, const Tile& tile, const Index& strides) {
  const size_t first = ints_.size();
  for (size_t d = 0; d < tile.box.size(); ++d) {
    ints_.insert(ints_.end(), {tile.box[d].first, tile.box[d].second, task.bias[d]});
  }
  ints_.insert(ints_.end(), strides.begin(), strides.end());
  ints_.insert(ints_.end(), task.constants.begin(), task.constants.end());
  eachMoved(task, ints_.size() - first, [&](size_t offset, const Move& move) {
    patches_.push_back({first + offset, ints_[first + offset], move.by, move.integer});
  });
  return ints_.data() + first;
}

// Does every row of the box begin where a streaming kernel's vectors may, in all fields that it writes?
bool Binding::mayStream(const PlanKernel& kernel, const Box& box) const {
  return !kernel.streams.empty() && std::ranges::all_of(kernel.streams, [&](int place) {
    const Field& field = *fields_[kernel.slots[place]];
    const auto size = static_cast<int64_t>(sizeOf(field.desc().dtype));
    const auto first = reinterpret_cast<intptr_t>(field.origin()) + box.back().first * size;
    const auto onBoundary = [](int64_t bytes) { return bytes % streamAlignment == 0; };
    const Index& strides = field.strides();
    return onBoundary(first) &&
           std::all_of(strides.begin(), strides.end() - 1, [&](int64_t n) { return onBoundary(n * size); });
  });
}

bool Binding::fits(std::span<Field* const> bound) const {
  for (size_t s = 0; s < bound.size(); ++s) {
    if (ids_[s] != 0 && bound[s]->id() != ids_[s]) return false;
  }
  // Only now are the pointers known to be alive. Another Plan may have grown a halo.
  for (size_t s = 0; s < fields_.size(); ++s) {
    if (s < ids_.size() && ids_[s] == 0) continue;
    if (fields_[s]->layout() != layouts_[s]) return false;
  }
  return true;
}

bool Binding::holds(uint64_t field) const { return std::ranges::find(ids_, field) != ids_.end(); }

void Binding::bindScalars(std::span<Field* const> bound, Team& team) {
  for (const size_t slot : scalars_) {
    fields_[slot] = bound[slot];
    bound[slot]->ensure({0}, {0}, -1, team);
  }
  for (const auto& [slot, pointer] : scalarPointers_) *pointer = fields_[slot]->origin();
}

// One value may move with several integers.
void Binding::move(std::span<const int64_t> by) {
  for (const Patch& patch : patches_) ints_[patch.at] = patch.base;
  for (const Patch& patch : patches_) ints_[patch.at] += patch.by * by[static_cast<size_t>(patch.integer)];
}

}  // namespace quadrille
