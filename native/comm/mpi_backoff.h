// How to wait without MPI_Wait: spin for a moment, then give the core away, then sleep in short naps. Eight ranks on
// two cores make progress because whoever waits does not hold a core.
#pragma once

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace quadrille {

class Backoff {
 public:
  // `crowded`: more ranks than hardware threads on this node; spinning would only keep the awaited rank from running.
  explicit Backoff(bool crowded) : turn_(crowded ? kSpins : 0) {}

  bool sleeping() const { return turn_ >= kSpins + kYields; }

  void pause() {
    if (turn_ < kSpins) {
      ++turn_;
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#endif
    } else if (!sleeping()) {
      ++turn_;
      sched_yield();
    } else {
      std::this_thread::sleep_for(nap_);
      nap_ = std::min(nap_ * 3 / 2, std::chrono::microseconds(500));
    }
  }

 private:
  // A poll costs 0.1 to 0.3 us: spinning lasts about as long as a neighbour exchange may take, a few hundred us.
  static constexpr int kSpins = 1500, kYields = 300;

  int turn_;
  std::chrono::microseconds nap_{20};
};

}  // namespace quadrille
