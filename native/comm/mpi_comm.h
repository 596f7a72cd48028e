// Comm over MPI. In: MPI_COMM_WORLD, initialised; out: message sets and barriers for the executor, on communicators
// of its own.
#pragma once

#include <mpi.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "comm.h"
#include "mpi_guard.h"
#include "mpi_window.h"

namespace quadrille {

struct MpiOptions {
  std::chrono::duration<double> stall{2.0};  // how long to wait before asking why
  size_t chunkBytes;                         // most bytes in one MPI count: INT_MAX, less in tests
  size_t sharedBytes;                        // of a node's window, at most; 0: none
};

// A private duplicate of a communicator whose errors are returned, not fatal.
class OwnedComm {
 public:
  explicit OwnedComm(MPI_Comm parent);
  ~OwnedComm();
  OwnedComm(const OwnedComm&) = delete;
  OwnedComm& operator=(const OwnedComm&) = delete;
  MPI_Comm get() const { return comm_; }
  void release();

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

class MpiComm final : public Comm {
 public:
  MpiComm(MPI_Comm world, const MpiOptions& options);

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::unique_ptr<MessageSet> messages(std::span<const Endpoint> sends, std::span<const Endpoint> recvs) override;
  void barrier(const WorkId& work) override;
  uint64_t bytesSent() const override { return bytesSent_; }
  uint64_t messagesSent() const override { return messagesSent_; }
  uint64_t bytesShared() const override { return bytesShared_; }

  // Collective, before MPI_Finalize; afterwards only the counters may be asked for.
  void close();
  Guard& guard() { return guard_; }
  SharedWindow& window() { return window_; }
  MPI_Comm work() const { return work_.get(); }
  size_t chunkBytes() const { return chunkBytes_; }
  int tagLimit() const { return tagLimit_; }
  void countSent(uint64_t messages, uint64_t bytes, uint64_t shared) {
    messagesSent_ += messages;
    bytesSent_ += bytes;
    bytesShared_ += shared;
  }

 private:
  [[noreturn]] void barrierDiverged(const WireWork& mine);

  OwnedComm work_, control_;
  int rank_ = 0, size_ = 1, tagLimit_ = 32767;  // what the standard promises
  size_t chunkBytes_;
  Guard guard_;
  SharedWindow window_;
  std::vector<uint64_t> barrierIn_, barrierOut_;                           // outlive a barrier that was given up
  std::atomic<uint64_t> bytesSent_{0}, messagesSent_{0}, bytesShared_{0};  // read by the JS thread
};

}  // namespace quadrille
