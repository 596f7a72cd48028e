// See all_reduce.h.
#include "reduce/all_reduce.h"

#include <bit>
#include <cstring>
#include <type_traits>

namespace quadrille {

static_assert(std::is_trivially_copyable_v<AnyAccumulator>, "it travels as bytes");

void AllReduce::addStep(int peer, bool sends, bool receives, bool replaces) {
  const Endpoint endpoint{peer, count_ * sizeof(AnyAccumulator)};
  const std::span<const Endpoint> one(&endpoint, 1), none;
  steps_.push_back({comm_.messages(sends ? one : none, receives ? one : none), sends, receives, replaces});
}

// Ranks beyond the greatest power of two give what they have to a partner below it, and get the result from there.
void AllReduce::prepare() {
  prepared_ = true;
  const int size = comm_.size(), rank = comm_.rank();
  const int paired = static_cast<int>(std::bit_floor(static_cast<unsigned>(size)));
  if (rank >= paired) {
    addStep(rank - paired, true, false, false);
    addStep(rank - paired, false, true, true);
    return;
  }
  const bool hasPartner = rank + paired < size;
  if (hasPartner) addStep(rank + paired, false, true, false);
  for (int distance = 1; distance < paired; distance *= 2) addStep(rank ^ distance, true, true, false);
  if (hasPartner) addStep(rank + paired, true, false, false);
}

void AllReduce::run(std::span<AnyAccumulator> mine, WorkId work) {
  if (comm_.size() == 1) return;
  if (!prepared_) prepare();
  std::vector<AnyAccumulator> theirs(mine.begin(), mine.end());
  for (const Step& step : steps_) {
    step.messages->begin(work);
    if (step.sends) std::memcpy(step.messages->sendBuffer(0).data(), mine.data(), mine.size_bytes());
    step.messages->start();
    step.messages->finish();
    if (!step.receives) continue;
    std::memcpy(theirs.data(), step.messages->recvBuffer(0).data(), mine.size_bytes());
    step.messages->release();
    for (size_t i = 0; i < mine.size(); ++i) {
      if (step.replaces) {
        mine[i] = theirs[i];
      } else {
        merge(mine[i], theirs[i]);
      }
    }
  }
}

}  // namespace quadrille
