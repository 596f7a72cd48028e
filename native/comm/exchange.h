// Runs one Plan Exchange: packs parts of bound fields into messages, moves what stays on the rank, unpacks arrivals.
// Made once per wave of a loaded Plan; bindings may differ from run to run. Leaves out halo parts whose field has not
// been written since this exchange last ran (writes are counted alike on all ranks, so both ends leave out the same
// parts).
#pragma once

#include <memory>
#include <span>

#include "../executor/plan.h"
#include "../memory/field.h"
#include "comm.h"

namespace quadrille {

// How long an exchange's messages took, and how much of that the rank had nothing else to do.
struct Travel {
  int64_t underwayNs = 0;  // from start() until all had arrived and left
  int64_t waitedNs = 0;    // in finish()
  uint64_t bytes = 0;      // sent
};

class ExchangeRunner {
 public:
  ExchangeRunner(const Exchange& exchange, const Plan& plan, Comm& comm);
  ~ExchangeRunner();
  // fields[s] is what slot s is bound to (temporaries included); `moved` is by how much each integer of the run differs
  // from the one that the Plan is made for. Packs, starts messages, does local moves.
  void start(std::span<Field* const> fields, std::span<const int64_t> moved, const WorkId& work);
  bool test();
  // Waits and unpacks.
  Travel finish();
  // The field with this id is gone.
  void forget(uint64_t field);
  // Gives buffers and requests back, until the next start().
  void release();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace quadrille
