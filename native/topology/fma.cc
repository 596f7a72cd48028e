// See fma.h.
#include "fma.h"

#include <cstdlib>
#include <string_view>

namespace quadrille {

bool fusesMultiplyAdds() {
  const char* wish = std::getenv("QUADRILLE_FMA");
  if (wish != nullptr && std::string_view(wish) == "off") return false;
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return true;
#endif
}

}  // namespace quadrille
