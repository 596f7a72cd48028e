// See maths.h. A table rather than a search of the process: a kernel can reach these and nothing else.
#include "engine/maths.h"

#include <dlfcn.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include <algorithm>

#include "error.h"
#include "topology/fma.h"

namespace quadrille {

namespace {

constexpr std::string_view kPrefix = "q_";

// SLEEF's name, its error bound in f64 and in f32 in tenths of a ULP (part of its symbols; none where the result is
// exact), arguments. The bound is 1 ULP, but 3.5 where that halves the time and still is less than NumPy's own error.
struct Entry {
  const char *name, *bound, *singleBound;
  int arguments;
};
constexpr Entry kEntries[] = {
    {"exp", "u10", "u10", 1},   {"exp2", "u10", "u10", 1},  {"expm1", "u10", "u10", 1}, {"log", "u10", "u10", 1},
    {"log1p", "u10", "u10", 1}, {"log2", "u10", "u10", 1},  {"log10", "u10", "u10", 1}, {"sin", "u35", "u10", 1},
    {"cos", "u35", "u10", 1},   {"tan", "u35", "u10", 1},   {"asin", "u10", "u10", 1},  {"acos", "u10", "u10", 1},
    {"atan", "u10", "u10", 1},  {"sinh", "u10", "u10", 1},  {"cosh", "u10", "u10", 1},  {"tanh", "u10", "u10", 1},
    {"asinh", "u10", "u10", 1}, {"acosh", "u10", "u10", 1}, {"atanh", "u10", "u10", 1}, {"cbrt", "u35", "u10", 1},
    {"pow", "u10", "u10", 2},   {"atan2", "u10", "u10", 2}, {"hypot", "u05", "u05", 2}, {"fmod", "", "", 2},
    {"nextafter", "", "", 2},
};

// One length of vectors: the last part of SLEEF's symbols, and the bits.
struct Width {
  const char* suffix;
  unsigned bits;
};

std::vector<Width> widths(MathsKind kind) {
#if defined(__x86_64__)
  const bool fuses = kind == MathsKind::fused;
  std::vector<Width> all{{fuses ? "avx2128" : "sse2", 128}};
  if (fuses || __builtin_cpu_supports("avx")) all.push_back({fuses ? "avx2" : "avx", 256});
  if (__builtin_cpu_supports("avx512f")) all.push_back({fuses ? "avx512f" : "avx512fnofma", 512});
  return all;
#else
  (void)kind;
  return {};  // one element at a time
#endif
}

void* symbol(void* library, const std::string& name) {
  void* address = ::dlsym(library, name.c_str());
  if (!address) throw CompileError(QUADRILLE_SLEEF " has no function " + name);
  return address;
}

// On demand, as most programs call none of these. For good: kernels point into it.
std::vector<MathsFunction> load(MathsKind kind) {
  void* library = ::dlopen(QUADRILLE_SLEEF, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw CompileError("SLEEF, the library of mathematical functions, does not load: " + std::string(::dlerror()));
  const bool fuses = kind == MathsKind::fused;
  std::vector<MathsFunction> functions;
  for (const Entry& entry : kEntries) {
    for (const bool single : {false, true}) {
      const auto find = [&](unsigned lanes, const char* suffix) {
        return symbol(library, std::string("Sleef_") + (fuses ? "finz_" : "cinz_") + entry.name + (single ? 'f' : 'd') +
                                   std::to_string(lanes) + "_" + (single ? entry.singleBound : entry.bound) + suffix);
      };
      MathsFunction function{.name = std::string(kPrefix) + entry.name + (single ? "_f32" : "_f64"),
                             .single = single,
                             .arguments = entry.arguments,
                             .variants = {},
                             .address = nullptr};
      for (const Width& width : widths(kind)) {
        const unsigned lanes = width.bits / (single ? 32 : 64);
        function.variants.push_back({lanes, function.name + "_x" + std::to_string(lanes), find(lanes, width.suffix)});
      }
      if (function.variants.empty()) function.address = find(1, fuses ? "purecfma" : "purec");
      functions.push_back(std::move(function));
    }
  }
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return functions;
}

}  // namespace

MathsKind bestMathsKind() { return fusesMultiplyAdds() ? MathsKind::fused : MathsKind::unfused; }

const char* nameOf(MathsKind kind) { return kind == MathsKind::fused ? "sleef finz" : "sleef cinz"; }

bool isMathsName(std::string_view name) { return name.starts_with(kPrefix); }

std::span<const MathsFunction> mathsFunctions(MathsKind kind) {
  if (kind == MathsKind::fused) {
    static const std::vector<MathsFunction> fused = load(MathsKind::fused);
    return fused;
  }
  static const std::vector<MathsFunction> unfused = load(MathsKind::unfused);
  return unfused;
}

const MathsFunction* findMaths(MathsKind kind, std::string_view name) {
  if (!isMathsName(name)) return nullptr;
  const auto table = mathsFunctions(kind);
  const auto at = std::lower_bound(table.begin(), table.end(), name,
                                   [](const MathsFunction& f, std::string_view wanted) { return f.name < wanted; });
  return at != table.end() && at->name == name ? &*at : nullptr;
}

double callMaths(const MathsFunction& function, double a, double b) {
  const auto call = [&]<class Type, class Element>(Type, Element, void* address) -> double {
    Type x, y;
    for (size_t lane = 0; lane < sizeof(Type) / sizeof(Element); ++lane) {
      reinterpret_cast<Element*>(&x)[lane] = static_cast<Element>(a);
      reinterpret_cast<Element*>(&y)[lane] = static_cast<Element>(b);
    }
    const Type result = function.arguments == 1 ? reinterpret_cast<Type (*)(Type)>(address)(x)
                                                : reinterpret_cast<Type (*)(Type, Type)>(address)(x, y);
    return reinterpret_cast<const Element*>(&result)[0];
  };
#if defined(__x86_64__)
  void* shortest = function.variants.front().address;
  return function.single ? call(__m128{}, float{}, shortest) : call(__m128d{}, double{}, shortest);
#else
  return function.single ? call(float{}, float{}, function.address) : call(double{}, double{}, function.address);
#endif
}

}  // namespace quadrille
