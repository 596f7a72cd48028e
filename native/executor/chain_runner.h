// One chain of a Plan (the steps of a loop, or joined waves): sets of bound fields in, its stages run on them in one
// pass over memory, while and after its halos travel.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "comm/comm.h"
#include "comm/exchange.h"
#include "executor/chain.h"
#include "executor/plan.h"
#include "executor/run_stats.h"
#include "executor/team.h"
#include "memory/field.h"

namespace quadrille {

class ChainRunner {
 public:
  // What is given here outlives it.
  ChainRunner(const Chain& chain, const Plan& plan, Comm& comm, Team& team)
      : chain_(&chain), plan_(&plan), comm_(&comm), team_(&team) {}

  // What a pass runs on: the fields of its first step, how far the run's integers have moved, its parameters, and by
  // what other ranks know it.
  struct On {
    const std::vector<Field*>& fields;
    std::span<const int64_t> moved;
    const double* params;
    const WorkId& work;
  };
  // `set`: tells the sets of fields apart that passes are kept for. tasks(step, stage): the task of a stage on the
  // fields of that step; asked for a set's first pass of so many steps only.
  template <class Tasks>
  void run(uint64_t set, int steps, Tasks&& tasks, const On& on, RunStats& stats) {
    auto found = passes_.find({set, steps});
    if (found == passes_.end()) {
      // Sets come and go, and nobody says so.
      if (passes_.size() >= kMostPasses) passes_.clear();
      Passes passes{Pass(*chain_, steps, plan_->threads, Zone::inner, tasks),
                    Pass(*chain_, steps, plan_->threads, Zone::rest, tasks)};
      found = passes_.emplace(std::pair(set, steps), std::move(passes)).first;
    }
    run(found->second, on, stats);
  }
  // Fields that passes were made for have moved, or are gone.
  void clear() { passes_.clear(); }
  // The field with this id is about to go.
  void forget(uint64_t field);
  // Gives its messages' memory back.
  void release();

 private:
  struct Passes {
    Pass inner, rest;
  };
  // A loop's cycle of fields is as long as this at most where its passes are worth keeping.
  static constexpr size_t kMostPasses = 64;

  void run(Passes& passes, const On& on, RunStats& stats);
  // Sweeps while the exchange is under way; returns the nanoseconds spent completing it.
  int64_t sweepInner(Pass& inner, const double* params, RunStats& stats);

  const Chain* chain_;
  const Plan* plan_;
  Comm* comm_;
  Team* team_;
  std::unique_ptr<ExchangeRunner> exchange_;           // made when first needed
  std::map<std::pair<uint64_t, int>, Passes> passes_;  // by set and number of steps
};

}  // namespace quadrille
