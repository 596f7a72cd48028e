// What is known of a wave before any run: its tasks shared out among the team, its messages, its reductions.
#pragma once

#include <cstdint>
#include <memory>

#include "comm/comm.h"
#include "comm/exchange.h"
#include "executor/plan.h"
#include "executor/reducer.h"
#include "executor/tiles.h"

namespace quadrille {

// Of one Plan on this rank; refers to the Plan's wave.
struct WavePlan {
  // `members`: of the whole team, more of which may help than the Plan's own threads sweep.
  WavePlan(const Wave& wave, const Plan& plan, Comm& comm, int members);

  const Wave* wave;
  std::unique_ptr<ExchangeRunner> exchange;  // null: everything is swept at once, as `interior`
  Share interior, boundary;
  std::unique_ptr<WaveReducer> reducer;  // null: the wave reduces nothing
  int64_t bytes = 0;                     // loaded and stored by one run, each slot counted once per point
  bool resolved = false;                 // the functions of all its kernels are known
};

}  // namespace quadrille
