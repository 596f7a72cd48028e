// See libm.h. A table rather than a search of the process: a kernel can reach these and nothing else.
#include "engine/libm.h"

#include <math.h>

#include <algorithm>
#include <vector>

namespace quadrille {

std::span<const LibmFunction> libmFunctions() {
  using Unary = double (*)(double);
  using UnaryF = float (*)(float);
  using Binary = double (*)(double, double);
  using BinaryF = float (*)(float, float);
  static const std::vector<LibmFunction> table = [] {
    std::vector<LibmFunction> functions;
#define ADD(name, Type) functions.push_back({#name, reinterpret_cast<void*>(static_cast<Type>(&::name))});
#define UNARY(name) ADD(name, Unary) ADD(name##f, UnaryF)
#define BINARY(name) ADD(name, Binary) ADD(name##f, BinaryF)
    // clang-format off
    UNARY(exp) UNARY(exp2) UNARY(expm1) UNARY(log) UNARY(log2) UNARY(log10) UNARY(log1p)
    UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan)
    UNARY(sinh) UNARY(cosh) UNARY(tanh) UNARY(asinh) UNARY(acosh) UNARY(atanh)
    UNARY(cbrt) UNARY(erf) UNARY(erfc) UNARY(tgamma) UNARY(lgamma)
    UNARY(sqrt) UNARY(fabs) UNARY(floor) UNARY(ceil) UNARY(trunc) UNARY(round) UNARY(rint) UNARY(nearbyint)
    BINARY(pow) BINARY(atan2) BINARY(hypot) BINARY(fmod) BINARY(remainder) BINARY(copysign) BINARY(nextafter)
    BINARY(fmin) BINARY(fmax)
    // clang-format on
#undef ADD
#undef UNARY
#undef BINARY
                        std::sort(functions.begin(), functions.end(),
                                  [](const auto& a, const auto& b) { return a.name < b.name; });
    return functions;
  }();
  return table;
}

bool isLibmFunction(std::string_view name) {
  const auto table = libmFunctions();
  const auto at = std::lower_bound(table.begin(), table.end(), name,
                                   [](const LibmFunction& f, std::string_view wanted) { return f.name < wanted; });
  return at != table.end() && at->name == name;
}

}  // namespace quadrille
