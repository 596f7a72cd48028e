// See chain_runner.h.
#include "executor/chain_runner.h"

#include <exception>
#include <functional>

#include "clock.h"

namespace quadrille {

// Member 0 keeps the messages going between its tiles.
int64_t ChainRunner::sweepInner(Pass& inner, const double* params, RunStats& stats) {
  std::exception_ptr failure;
  bool done = false;
  auto keepGoing = [&] {
    if (done || failure) return;
    try {
      done = exchange_->test();
    } catch (...) {
      failure = std::current_exception();
    }
  };
  inner.run(*team_, params, std::ref(keepGoing));  // by reference: a std::function of more than two words allocates
  if (failure) std::rethrow_exception(failure);
  const int64_t begin = nowNs();
  stats.count(exchange_->finish(), !inner.empty());
  return nowNs() - begin;
}

void ChainRunner::run(Passes& passes, const On& on, RunStats& stats) {
  int64_t before = nowNs();
  if (chain_->exchange) {
    if (!exchange_) exchange_ = std::make_unique<ExchangeRunner>(*chain_->exchange, *plan_, *comm_);
    exchange_->start(on.fields, on.moved, on.work);
    const int64_t started = nowNs();
    const int64_t finishing = sweepInner(passes.inner, on.params, stats);
    stats.exchangeNs += started - before + finishing;
    before = started + finishing;
  }
  passes.rest.run(*team_, on.params);
  stats.computeNs += nowNs() - before;
}

void ChainRunner::forget(uint64_t field) {
  if (exchange_) exchange_->forget(field);
}

void ChainRunner::release() {
  if (exchange_) exchange_->release();
}

}  // namespace quadrille
