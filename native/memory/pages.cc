// See pages.h.
#include "memory/pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>

#include "error.h"
#include "memory/budget.h"

namespace quadrille {

namespace {
constexpr size_t kPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;
}  // namespace

std::shared_ptr<void> takePages(size_t bytes) {
  if (bytes < kHugePage) {
    const size_t rounded = (std::max<size_t>(bytes, 1) + 63) / 64 * 64;
    void* memory = std::aligned_alloc(64, rounded);
    if (!memory) throw OutOfMemory(static_cast<int64_t>(bytes), memoryAvailable());
    return {memory, [](void* p) { std::free(p); }};
  }
  // One huge page more than asked, so that a boundary lies within: only whole aligned huge pages are backed by one.
  const size_t mapped = (bytes + kPage - 1) / kPage * kPage + kHugePage;
  void* memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw OutOfMemory(static_cast<int64_t>(bytes), memoryAvailable());
  const auto address = reinterpret_cast<uintptr_t>(memory);
  void* aligned = reinterpret_cast<void*>((address + kHugePage - 1) / kHugePage * kHugePage);
  // Refused where the system has none; ordinary pages then do. What is over comes in ordinary pages: a huge one takes
  // its 2 MB as soon as it is touched, a quarter of a 1024 x 1024 field.
  ::madvise(aligned, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  return {aligned, [memory, mapped](void*) { ::munmap(memory, mapped); }};
}

}  // namespace quadrille
