// The network of one process: nobody to send to, nobody to wait for.
#include "comm.h"

namespace quadrille {
namespace {

class SerialComm final : public Comm {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::unique_ptr<MessageSet> messages(std::span<const Endpoint>, std::span<const Endpoint>) override {
    throw std::logic_error("a plan for one process must not hold messages: it was lowered for more ranks");
  }
  void barrier(const WorkId&) override {}
  uint64_t bytesSent() const override { return 0; }
  uint64_t messagesSent() const override { return 0; }
  uint64_t bytesShared() const override { return 0; }
};

}  // namespace

std::unique_ptr<Comm> makeSerialComm() { return std::make_unique<SerialComm>(); }

}  // namespace quadrille
