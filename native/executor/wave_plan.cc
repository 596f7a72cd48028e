// See wave_plan.h.
#include "executor/wave_plan.h"

#include <algorithm>

namespace quadrille {

namespace {

int64_t bytesMoved(const Wave& wave, const Plan& plan) {
  int64_t bytes = 0;
  for (const Task& task : wave.tasks) {
    int64_t perPoint = 0, count = 0;
    for (const int slot : plan.kernels[task.kernel].slots) {
      if (slot != kBuffer && !plan.slots[slot].replicated) perPoint += sizeOf(plan.slots[slot].dtype);
    }
    for (const Box& box : task.interior) count += points(box);
    for (const Box& box : task.boundary) count += points(box);
    bytes += count * perPoint;
  }
  return bytes;
}

}  // namespace

WavePlan::WavePlan(const Wave& given, const Plan& plan, Comm& comm, int members)
    : wave(&given), bytes(bytesMoved(given, plan)) {
  const int threads = std::min(plan.threads, members);
  if (given.exchange) {
    exchange = std::make_unique<ExchangeRunner>(*given.exchange, plan, comm);
    interior = shareOut(given.tasks, &Task::interior, threads, plan.odf);
    boundary = shareOut(given.tasks, &Task::boundary, threads, plan.odf);
  } else {
    interior = shareOutAll(given.tasks, threads, plan.odf);
    boundary.first = {0, 0};
  }
  if (std::ranges::any_of(given.tasks, [](const Task& task) { return !task.reductions.empty(); })) {
    reducer = std::make_unique<WaveReducer>(given, plan, comm, members);
  }
}

}  // namespace quadrille
