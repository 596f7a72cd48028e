// What a reduction comes to: a double, or an integer where integers were reduced or positions are told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "executor/plan.h"

namespace quadrille {

using Result = std::variant<double, int64_t>;

// Writes it as an element of the type.
void store(const Result& result, DType type, std::byte* element);

// Is the element not 0? NaN is not.
bool isTrue(DType type, const std::byte* element);

}  // namespace quadrille
