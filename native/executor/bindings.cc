// See bindings.h.
#include "executor/bindings.h"

#include <algorithm>

namespace quadrille {

namespace {

// Sets of fields remembered per Plan: a program that rotates k fields comes with k of them.
constexpr size_t kBindings = 8;

}  // namespace

std::unique_ptr<Binding> Bindings::make(std::span<Field* const> bound) {
  if (!hasTemporaries_) {
    std::vector<FieldDesc> wanted;
    for (const PlanSlot& slot : plan_.slots) {
      if (slot.temp) wanted.push_back({slot.dtype, slot.shape, slot.offset, slot.extent, true});
    }
    temporaries_ = shared_.take(wanted);
    hasTemporaries_ = true;
  }
  return std::make_unique<Binding>(plan_, waves_, bound, temporaries_, team_);
}

Binding& Bindings::bind(std::span<Field* const> bound, size_t keep) {
  const size_t most = std::max(keep, kBindings);
  for (size_t i = 0; i < bindings_.size(); ++i) {
    // Rotating programs come back to the next one.
    const size_t at = (last_ + 1 + i) % bindings_.size();
    if (bindings_[at]->fits(bound)) {
      last_ = at;
      bindings_[at]->bindScalars(bound, team_);
      return *bindings_[at];
    }
  }
  auto binding = make(bound);
  // One of the same fields whose layout has changed is replaced; else the oldest.
  size_t at = bindings_.size();
  for (size_t i = 0; i < bindings_.size(); ++i) {
    if (bindings_[i]->sameFields(*binding)) at = i;
  }
  if (at == bindings_.size() && at < most) {
    bindings_.push_back(std::move(binding));
  } else {
    if (at == bindings_.size()) at = nextVictim_++ % bindings_.size();
    bindings_[at] = std::move(binding);
  }
  last_ = at;
  return *bindings_[at];
}

bool Bindings::forget(uint64_t field) {
  const auto holds = [field](const std::unique_ptr<Binding>& binding) { return binding->holds(field); };
  if (std::erase_if(bindings_, holds) == 0) return false;
  last_ = 0;
  if (bindings_.empty()) {
    temporaries_.clear();
    hasTemporaries_ = false;
  }
  return true;
}

}  // namespace quadrille
