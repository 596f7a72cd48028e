// What goes wrong in native code, as JavaScript will see it: a stable code, a sentence, and for memory the numbers.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace quadrille {

struct Error : std::runtime_error {
  Error(const char* errorCode, const std::string& message) : std::runtime_error(message), code(errorCode) {}
  std::string code;
  std::string label;  // file:line of the program that was running; empty if none was
};

// The caller broke the contract of NativeEngine: an id that is not there, a call out of order.
struct UsageError : Error {
  explicit UsageError(const std::string& message) : Error("ENGINE_USAGE", message) {}
};

struct CompileError : Error {
  explicit CompileError(const std::string& message) : Error("COMPILE_FAILED", message) {}
};

struct OutOfMemory : Error {
  OutOfMemory(int64_t askedBytes, int64_t availableBytes)
      : Error("OUT_OF_MEMORY", "a field of " + std::to_string(askedBytes) + " bytes was asked for, " +
                                   std::to_string(availableBytes) + " bytes are available"),
        asked(askedBytes),
        available(availableBytes) {}
  int64_t asked, available;
};

}  // namespace quadrille
