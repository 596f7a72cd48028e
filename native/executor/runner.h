// One loaded Plan: fields and parameters in, its waves run. What can be known before a run is made once, per Plan or
// per set of fields bound to it; a run allocates nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "comm/comm.h"
#include "engine/engine.h"
#include "executor/binding.h"
#include "executor/bindings.h"
#include "executor/chain_runner.h"
#include "executor/plan.h"
#include "executor/run_stats.h"
#include "executor/team.h"
#include "executor/tuner.h"
#include "executor/wave_plan.h"
#include "memory/field.h"
#include "memory/temporaries.h"
#include "reduce/all_reduce.h"

namespace quadrille {

// By what ranks know that they run the same; see WorkId.
struct RunId {
  uint64_t sequence, hash;
};

// What a Plan runs on; outlives it.
struct Surroundings {
  Engine& engine;
  Team& team;
  Comm& comm;
  Temporaries& temporaries;
};

class PlanRunner {
 public:
  PlanRunner(std::shared_ptr<const Plan> plan, Surroundings around, std::shared_ptr<PlanTally> tally);

  const Plan& plan() const { return *plan_; }
  // Has it run before, so that nothing of it need be compiled?
  bool resolved() const;
  // Swept in a run.
  int64_t bytes() const;
  // `bound`: one field per bound slot, all different; `ints`: one per integer of the Plan. Throws CompileError,
  // OutOfMemory, RankDiverged, UsageError.
  void run(std::span<Field* const> bound, const double* params, std::span<const int32_t> ints, const RunId& id,
           RunStats& stats);
  // `count` such runs, in strips: after each of them every integer is `by` more. Only if marches().
  void march(std::span<Field* const> bound, const double* params, std::span<const int32_t> ints,
             std::span<const int32_t> by, int64_t count, RunStats& stats);
  bool marches() const { return plan_->march.has_value(); }
  // The same for a loop's cycle of sets of fields, given `cycle` many times the bound slots: what run() looks up is
  // made once. Valid until the next call of anything else.
  void prepare(std::span<Field* const> cycle);
  // One run on the set number `phase` of prepare().
  void runPrepared(size_t phase, const double* params, const RunId& id, RunStats& stats);
  // How the next steps of the loop are taken; null: step by step. Collective where the loop is tuned.
  const Chain* chain(const RunId& id);
  // Is it still being found out how steps are best taken? Then tune() wants to know how long they took.
  bool tuning() const { return tuner_ && !tuner_->decided(); }
  void tune(int64_t steps, int64_t nanoseconds, const RunId& id, RunStats& stats);
  // `steps` runs in one pass over memory, the first of them on set `phase` (there is a chain, of at least as many).
  void runPass(size_t phase, int steps, const double* params, const RunId& id, RunStats& stats);
  // The field with this id is about to go. With the last one this Plan has run on go its temporaries and messages, too:
  // they are as large as fields, and Plans stay.
  void forget(uint64_t field);

 private:
  void run(Binding& binding, const double* params, const RunId& id, RunStats& stats);
  void count(const RunStats& before, const RunStats& after);
  void take(const Chain* chain);
  void agree(std::span<double> values, const RunId& id);
  void resolve(WavePlan& wave);
  // Waves that are joined.
  void runJoin(size_t number, const Binding& binding, const double* params, RunStats& stats);
  void runWave(size_t number, Binding& binding, const double* params, RunStats& stats);
  // A wave has been swept: what it moved, and wrote.
  void account(const WavePlan& wave, const Binding& binding, RunStats& stats) const;
  PreparedTask taskOn(const Binding& binding, const Task& task) const;
  void sweep(const WavePlan& wave, const Sweep& sweep, int member, const double* params) const noexcept;
  // One tile of a sweep.
  void call(const WavePlan& wave, const Sweep& sweep, int number, int member, const double* params) const noexcept;
  // Returns the nanoseconds spent waiting for messages and unpacking them.
  int64_t sweepBehindExchange(const WavePlan& wave, const Binding& binding, size_t index, const double* params,
                              RunStats& stats);

  std::shared_ptr<const Plan> plan_;
  Surroundings around_;
  WorkId work_;
  std::vector<WavePlan> waves_;
  std::vector<std::shared_ptr<const Kernel>> kernels_;
  std::vector<KernelFn> functions_;  // null until first needed
  std::vector<KernelFn> streaming_;  // the form for sweeps larger than the caches, or the same as functions_
  Bindings bindings_;
  std::vector<Binding*> cycle_;  // of prepare()
  std::vector<Field*> cycleFields_;
  std::shared_ptr<PlanTally> tally_;
  const Chain* chain_ = nullptr;
  std::optional<ChainRunner> passes_;  // of chain_; made when first needed
  std::optional<Tuner> tuner_;         // where the loop has trials
  std::unique_ptr<AllReduce> agreement_;
  std::vector<ChainRunner> joins_;  // as the Plan's
  Index moved_;     // of the run at hand: how far each integer is from the one that the Plan is made for
  Signal arrived_;  // counts exchanges finished by member 0
};

}  // namespace quadrille
