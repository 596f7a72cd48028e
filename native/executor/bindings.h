// The sets of fields that a Plan has run on lately: fields in, their binding out, which is made when it is first asked
// for.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "executor/binding.h"
#include "memory/temporaries.h"

namespace quadrille {

class Bindings {
 public:
  // What is given here outlives it.
  Bindings(const Plan& plan, std::span<const WavePlan> waves, Team& team, Temporaries& temporaries)
      : plan_(plan), waves_(waves), team_(team), shared_(temporaries) {}

  // Stays valid until `keep` (or a few) others have been asked for, or forget(). Throws as Binding does.
  Binding& bind(std::span<Field* const> bound, size_t keep = 0);
  // The field with this id is about to go: so do its bindings and, with the last of them, the Plan's temporaries. Were
  // there any?
  bool forget(uint64_t field);
  bool empty() const { return bindings_.empty(); }

 private:
  std::unique_ptr<Binding> make(std::span<Field* const> bound);

  const Plan& plan_;
  std::span<const WavePlan> waves_;
  Team& team_;
  Temporaries& shared_;
  bool hasTemporaries_ = false;
  std::vector<std::shared_ptr<Field>> temporaries_;
  std::vector<std::unique_ptr<Binding>> bindings_;
  size_t last_ = 0, nextVictim_ = 0;
};

}  // namespace quadrille
