// One set of messages over MPI: buffers with headers, persistent requests, and the comparison of what arrived with
// what this rank runs.
#pragma once

#include <mpi.h>

#include <memory>
#include <vector>

#include "mpi_comm.h"

namespace quadrille {

class MpiMessageSet final : public MessageSet {
 public:
  MpiMessageSet(MpiComm& comm, std::span<const Endpoint> sends, std::span<const Endpoint> recvs);
  ~MpiMessageSet() override;

  std::span<std::byte> sendBuffer(size_t i) override { return sends_[i].payload(); }
  std::span<std::byte> recvBuffer(size_t i) override { return recvs_[i].payload(); }
  void start(const WorkId& work) override;
  bool test() override;
  void finish() override;

 private:
  struct FreeBytes {
    void operator()(std::byte* p) const { std::free(p); }
  };
  // Header and payload of one message, in one piece.
  struct Buffer {
    explicit Buffer(const Endpoint& endpoint);
    MessageHeader header() const;
    void setHeader(const MessageHeader& header);
    std::span<std::byte> payload() const { return {memory.get() + sizeof(MessageHeader), bytes}; }

    int peer;
    size_t bytes;  // of the payload
    std::unique_ptr<std::byte, FreeBytes> memory;
  };

  bool poll();  // under mpiMutex: true once all requests are done
  void verify();
  Guard::Owing owing();  // under mpiMutex
  std::string strayFrom(size_t awaited);
  std::string mismatch(int peer, size_t expected, const MessageHeader& header) const;

  MpiComm& comm_;
  std::vector<Buffer> sends_, recvs_;
  std::vector<MPI_Request> requests_;  // receives first: they should stand before anything arrives
  std::vector<MPI_Status> statuses_;
  bool active_ = false;
  Guard::Clock::time_point straySince_{};  // 0: none was seen
  uint64_t sendBytes_ = 0;
};

}  // namespace quadrille
