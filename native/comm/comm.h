// What the executor asks of a network: ranks, messages that are set up once and sent many times, a barrier. Two
// implementations: serial.cc (in quadrille.node) and mpi.cc (in quadrille_mpi.node, which hands a Comm* across as an
// N-API external). Called from one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace quadrille {

struct Endpoint {
  int peer;
  size_t bytes;  // 64-bit: may exceed INT_MAX
};

// What this rank is doing: compared among ranks so that programs that differ are told so by name and line.
struct WorkId {
  uint64_t sequence = 0;  // units and collectives executed so far
  uint64_t keyHi = 0, keyLo = 0;
  uint64_t run = 0;   // a hash of what it runs on: fields and parameters
  uint32_t wave = 0;  // of the program: which exchange of this run
  std::string label;  // file:line
};

// Thrown on every rank that can tell: the ranks' programs differ, or a peer ended while this rank waits for it.
// Default visibility: it is thrown in quadrille_mpi.node and caught in quadrille.node, which hide all else.
struct __attribute__((visibility("default"))) RankDiverged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One fixed set of messages with its own buffers (persistent requests underneath).
class MessageSet {
 public:
  virtual ~MessageSet() = default;
  // What the next messages are of: `work` travels along, and finish() compares it with what arrived. Before send
  // buffers are filled, which may mean to wait.
  virtual void begin(const WorkId& work) = 0;
  // Waits until what was sent from there last need no longer be there.
  virtual std::span<std::byte> sendBuffer(size_t i) = 0;
  // Between finish() and release().
  virtual std::span<const std::byte> recvBuffer(size_t i) = 0;
  // Send buffers are filled: go.
  virtual void start() = 0;
  // Lets the network progress without waiting; true once all is done.
  virtual bool test() = 0;
  // Waits for all. Throws RankDiverged instead of waiting for what will never come.
  virtual void finish() = 0;
  // What arrived has been read.
  virtual void release() = 0;
};

class Comm {
 public:
  virtual ~Comm() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  virtual std::unique_ptr<MessageSet> messages(std::span<const Endpoint> sends, std::span<const Endpoint> recvs) = 0;
  virtual void barrier(const WorkId& work) = 0;
  virtual uint64_t bytesSent() const = 0;
  virtual uint64_t messagesSent() const = 0;
  virtual uint64_t bytesShared() const = 0;  // of those sent: through memory that the receiver reads in place
};

std::unique_ptr<Comm> makeSerialComm();

}  // namespace quadrille
