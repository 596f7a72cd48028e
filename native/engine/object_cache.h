// Compiled kernels on disk: object code by key, one file each, under a directory of the user's own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/maths.h"

namespace llvm {
class MemoryBuffer;
}

namespace quadrille {

// What is not ours, not whole, or made for another LLVM, CPU or kind of maths is not there, as far as load() is
// concerned; store() replaces it. Any number of processes may use one directory at once. Calls from any thread.
class ObjectCache {
 public:
  // Creates the directory (mode 0700). Throws Error FILE_ACCESS if it cannot, or if it is another user's.
  ObjectCache(std::filesystem::path directory, MathsKind maths, uintmax_t limitBytes = uintmax_t{512} << 20);

  std::unique_ptr<llvm::MemoryBuffer> load(const std::string& key) const;
  // Best effort: a full disk only means that the kernel is compiled again next time.
  void store(const std::string& key, const llvm::MemoryBuffer& object) const;
  // Removes the files not used for longest until the rest fits the limit, and what crashed writers left.
  void trim() const;

 private:
  std::filesystem::path path(const std::string& key) const;
  std::string identity(const std::string& key) const;

  std::filesystem::path directory_;
  MathsKind maths_;
  uintmax_t limitBytes_;
};

}  // namespace quadrille
