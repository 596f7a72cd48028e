// What a rank is doing, in the fixed size in which ranks tell each other: the header of every message, questions and
// answers of the divergence guard.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "comm.h"

namespace quadrille {

enum class Operation : uint32_t { none, exchange, barrier };

struct WireWork {
  static constexpr size_t kLabel = 64;

  uint64_t sequence = 0, keyHi = 0, keyLo = 0, run = 0;
  Operation operation = Operation::none;
  uint32_t wave = 0;
  char label[kLabel] = {};  // the end of file:line: that is where they differ

  WireWork() = default;
  WireWork(const WorkId& work, Operation op)
      : sequence(work.sequence), keyHi(work.keyHi), keyLo(work.keyLo), run(work.run), operation(op), wave(work.wave) {
    const size_t from = work.label.size() < kLabel ? 0 : work.label.size() - kLabel + 1;
    work.label.copy(label, kLabel - 1, from);
  }

  bool sameProgram(const WireWork& other) const {
    return sequence == other.sequence && keyHi == other.keyHi && keyLo == other.keyLo && operation == other.operation;
  }
  // Whichever wave: ranks pass through them at their own pace.
  bool sameAs(const WireWork& other) const { return sameProgram(other) && run == other.run; }
  // "solver.ts:14 (step 7)"
  std::string text() const;
  // How this differs: "in solver.ts:14 (step 7)", or where only the run does, "there with other fields or numbers".
  std::string beside(const WireWork& other) const;
};

// Goes before the payload of every message; its size keeps the payload on a cache line.
struct MessageHeader {
  static constexpr uint64_t kMagic = 0x716472'696c6c65;
  static constexpr uint64_t kBehind = UINT64_MAX;

  uint64_t magic = 0;
  uint64_t bytes = 0;        // payload
  uint64_t place = kBehind;  // of the payload in the sender's segment of the node's window, or behind this header
  WireWork work;
};
static_assert(std::is_trivially_copyable_v<MessageHeader> && sizeof(MessageHeader) == 128);

}  // namespace quadrille
