// The time, in nanoseconds that never go backwards.
#pragma once

#include <chrono>
#include <cstdint>

namespace quadrille {

inline int64_t nowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace quadrille
