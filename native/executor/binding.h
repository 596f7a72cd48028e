// A Plan on one set of fields: addresses, strides and bounds of all its kernel calls, looked up once for many runs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "executor/plan.h"
#include "executor/team.h"
#include "executor/tiles.h"
#include "executor/wave_plan.h"
#include "memory/field.h"

namespace quadrille {

// Tiles of one phase of one wave, ready to call.
struct Sweep {
  struct Call {
    int kernel, firstParam;
    void* const* ptr;
    const int64_t* ints;
    bool streams;         // the kernel's streaming form may be called, and pays
    const Tile* reduces;  // null: a plain sweep
  };
  std::vector<Call> calls;
  std::span<const int> first;  // of member m: calls [first[m], first[m + 1])
  int members() const { return static_cast<int>(first.size()) - 1; }
};

// Calls visit(at, move) for everything that moves with a run's integers among the `count` integers of a call of the
// task: bounds and bias per dimension, strides, constants.
template <class Visit>
void eachMoved(const Task& task, size_t count, Visit&& visit) {
  for (const Move& move : task.moves) {
    const auto index = static_cast<size_t>(move.index);
    switch (move.what) {
      case Move::What::box:
        visit(3 * index, move);
        visit(3 * index + 1, move);
        break;
      case Move::What::bias:
        visit(3 * index + 2, move);
        break;
      case Move::What::constant:
        visit(count - task.constants.size() + index, move);
        break;
    }
  }
}

class Binding {
 public:
  // `bound`: one field per bound slot; they get the halos and the alignment that the Plan wants. The Plan and its waves
  // outlive the binding. Throws UsageError where they do not fit the slots, OutOfMemory.
  Binding(const Plan& plan, std::span<const WavePlan> waves, std::span<Field* const> bound,
          std::span<const std::shared_ptr<Field>> temporaries, Team& team);
  // Calls point into the binding.
  Binding(const Binding&) = delete;
  Binding& operator=(const Binding&) = delete;

  // Is it still one of these fields? Scalars come and go with every step of a loop: whichever they are, it fits.
  bool fits(std::span<Field* const> bound) const;
  bool sameFields(const Binding& other) const { return ids_ == other.ids_; }
  bool holds(uint64_t field) const;

  bool hasScalars() const { return !scalars_.empty(); }
  void bindScalars(std::span<Field* const> bound, Team& team);
  // `by`: how far each integer of the run is from the one that the Plan is made for.
  void move(std::span<const int64_t> by);

  // No other binding of this process has it, or will.
  uint64_t serial() const { return serial_; }
  const std::vector<Field*>& fields() const { return fields_; }
  void* const* pointers(int kernel) const { return pointers_[static_cast<size_t>(kernel)].data(); }
  const Sweep& interior(size_t wave) const { return waves_[wave].interior; }
  const Sweep& boundary(size_t wave) const { return waves_[wave].boundary; }

 private:
  void takeFields(const Plan& plan, size_t bound, Team& team);
  std::vector<Index> takePointers(const Plan& plan);
  void prepareCalls(const Plan& plan, std::span<const WavePlan> waves, const std::vector<Index>& strides);
  const int64_t* addInts(const Task& task, const Tile& tile, const Index& strides);
  bool mayStream(const PlanKernel& kernel, const Box& box) const;

  const uint64_t serial_;
  std::vector<uint64_t> ids_;      // of the bound fields; 0: a Scalar
  std::vector<uint64_t> layouts_;  // of all slots' fields, when the addresses below were taken
  std::vector<Field*> fields_;
  std::vector<std::vector<void*>> pointers_;  // per kernel
  std::vector<int64_t> ints_;                 // of all calls, one after the other
  struct Patch {
    size_t at;
    int64_t base, by;
    int integer;
  };
  std::vector<Patch> patches_;  // what of `ints_` moves with the run's integers
  struct WaveSweeps {
    Sweep interior, boundary;
  };
  std::vector<WaveSweeps> waves_;
  std::vector<size_t> scalars_;                            // slots
  std::vector<std::pair<size_t, void**>> scalarPointers_;  // slot, and one of `pointers_`
};

}  // namespace quadrille
