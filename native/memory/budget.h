// How much memory this process may still take, and what it has promised to fields that have not touched theirs yet.
#pragma once

#include <cstdint>

namespace quadrille {

// Bytes: the least of what the machine has, what the control groups leave, and this rank's share of the node; less what
// is promised and untouched, less a margin for everything else. Never negative.
int64_t memoryAvailable();

// Ranks on this node: each gets an equal share of what there is at the time of the call.
void shareMemoryAmong(int localRanks);

// Bytes promised to one field. Made before the memory is taken, so that two fields are not given the same bytes.
class Promise {
 public:
  Promise() = default;
  explicit Promise(int64_t bytes);  // throws OutOfMemory
  Promise(Promise&& other) noexcept;
  Promise& operator=(Promise&& other) noexcept;
  ~Promise();
  // From now on the operating system counts these bytes itself.
  void touched();

 private:
  int64_t bytes_ = 0;
  bool touched_ = false;
};

}  // namespace quadrille
