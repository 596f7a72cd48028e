// Memory that the ranks of a node share, a segment each: payloads of messages between them are packed into the sender's
// segment and unpacked from there, instead of being copied from process to process in between. See decision 18.
#pragma once

#include <mpi.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quadrille {

// The node's window. Collective to make, to close and to destroy.
class SharedWindow {
 public:
  // At the head of a payload: how many of those packed there have been unpacked.
  struct alignas(64) Head {
    std::atomic<uint64_t> taken{0};
  };
  // A place for payloads of one message, and how many were packed there.
  struct Slot {
    uint64_t offset;
    size_t bytes;
    Head* head;
    std::byte* payload;
    uint64_t packed = 0;

    bool free() const { return head->taken.load(std::memory_order_acquire) == packed; }
  };

  // `world`: the communicator by whose ranks segments are found. Without segments where a node has one rank only, and
  // where one of its ranks cannot have one: then none of them does, and absent() says why. Of different `bytesPerNode`
  // the least counts.
  SharedWindow(MPI_Comm world, size_t bytesPerNode);
  ~SharedWindow();
  SharedWindow(const SharedWindow&) = delete;
  SharedWindow& operator=(const SharedWindow&) = delete;

  // Of this rank's segment.
  size_t bytes() const { return mine_ ? segmentBytes_ : 0; }
  // Why there is none; empty: there is one.
  const std::string& absent() const { return absent_; }
  // Does a rank of `world` see this rank's segment?
  bool reaches(int peer) const { return segments_[static_cast<size_t>(peer)] != nullptr; }
  // In this rank's segment; nothing if it is full.
  std::optional<Slot> take(size_t bytes);
  // Used again once what was packed last has been unpacked.
  void giveBack(const Slot& slot);
  // What `peer` says lies at `offset` of its segment; null if that is not within it.
  Head* at(int peer, uint64_t offset, size_t bytes) const;
  // Before MPI ends.
  void close();

 private:
  // A step that throws MpiError where this rank cannot: can all? Else absent() says why not.
  bool agree(MPI_Comm local, const std::function<void()>& step);
  // This rank's segment, and where the others' are.
  void allocate(MPI_Comm world, MPI_Comm local, int localSize);

  std::string absent_;
  MPI_Win window_ = MPI_WIN_NULL;
  size_t segmentBytes_ = 0;
  std::vector<std::byte*> segments_;  // by rank of `world`; null: on another node
  std::byte* mine_ = nullptr;
  std::vector<Slot> used_, leaving_;  // `used_` in order of offsets, those that leave included
};

}  // namespace quadrille
