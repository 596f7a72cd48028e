// Raw memory for fields: bytes in, aligned memory out, given back when its last owner goes.
#pragma once

#include <cstddef>
#include <memory>

namespace quadrille {

// 64-byte aligned, contents undefined. Large blocks come in huge pages where the system has them, untouched. Throws
// OutOfMemory.
std::shared_ptr<void> takePages(size_t bytes);

}  // namespace quadrille
