// One set of messages over MPI: buffers with headers, persistent requests, and the comparison of what arrived with
// what this rank runs.
#pragma once

#include <mpi.h>

#include <memory>
#include <optional>
#include <vector>

#include "mpi_comm.h"

namespace quadrille {

class MpiMessageSet final : public MessageSet {
 public:
  MpiMessageSet(MpiComm& comm, std::span<const Endpoint> sends, std::span<const Endpoint> recvs);
  ~MpiMessageSet() override;

  void begin(const WorkId& work) override;
  std::span<std::byte> sendBuffer(size_t i) override;
  std::span<const std::byte> recvBuffer(size_t i) override;
  void start() override;
  bool test() override;
  void finish() override;
  void release() override;

 private:
  struct FreeBytes {
    void operator()(std::byte* p) const { std::free(p); }
  };
  // Header and payload of one message, in one piece; or the header, and the payload in shared memory.
  struct Buffer {
    Buffer(const Endpoint& endpoint, std::optional<SharedWindow::Slot> slot);
    MessageHeader header() const;
    void setHeader(const MessageHeader& header);
    std::span<std::byte> payload() const { return {memory.get() + sizeof(MessageHeader), bytes}; }
    size_t wireBytes() const { return sizeof(MessageHeader) + (slot ? 0 : bytes); }

    int peer;
    size_t bytes;                            // of the payload
    std::optional<SharedWindow::Slot> slot;  // of a send, in this rank's segment
    SharedWindow::Head* arrived = nullptr;   // of a receive, in the peer's segment: the payload comes after it
    std::unique_ptr<std::byte, FreeBytes> memory;
  };

  bool poll();  // under mpiMutex: true once all requests are done
  void verify();
  Guard::Owing owing();  // under mpiMutex
  void locate();         // what arrived in shared memory
  std::string strayFrom(size_t awaited);
  std::string mismatch(int peer, size_t expected, const MessageHeader& header) const;

  MpiComm& comm_;
  std::vector<Buffer> sends_, recvs_;
  std::vector<MPI_Request> requests_;  // receives first: they should stand before anything arrives
  std::vector<MPI_Status> statuses_;
  bool active_ = false;
  Guard::Clock::time_point straySince_{};     // 0: none was seen
  uint64_t sendBytes_ = 0, sharedBytes_ = 0;  // of all payloads; of those in the shared window
};

}  // namespace quadrille
