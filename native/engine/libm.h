// The functions kernels may call: scalar ones of the process's libm, by name.
#pragma once

#include <span>
#include <string_view>

namespace quadrille {

struct LibmFunction {
  std::string_view name;
  void* address;
};

// Sorted by name.
std::span<const LibmFunction> libmFunctions();
bool isLibmFunction(std::string_view name);

}  // namespace quadrille
