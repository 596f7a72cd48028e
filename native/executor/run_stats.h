// What running costs, counted: by the executor for itself, and per Plan for other threads to look at.
#pragma once

#include <atomic>
#include <cstdint>

#include "comm/exchange.h"

namespace quadrille {

struct RunStats {
  int64_t units = 0, bytesSwept = 0;
  int64_t computeNs = 0, exchangeNs = 0;
  int64_t underwayNs = 0, waitedNs = 0;  // of messages: see Travel
  uint64_t bytesHidden = 0;              // sent while something was swept
  int64_t tuneMeasurements = 0;

  void count(const Travel& travel, bool swept) {
    underwayNs += travel.underwayNs;
    waitedNs += travel.waitedNs;
    if (swept) bytesHidden += travel.bytes;
  }
};

// What one Plan has done, for other threads to look at; where its loop is tuned, since the choice was made.
struct PlanTally {
  std::atomic<int64_t> units{0}, bytesSwept{0}, computeNs{0};
  std::atomic<int32_t> chosen{-1};  // of the loop's trials
};

}  // namespace quadrille
