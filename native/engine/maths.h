// The elementwise functions kernels may call, by the names jit/ir.ts gives them (`q_exp_f64`): SLEEF's deterministic
// ones, which give an element the same bits in vectors of any length.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quadrille {

// With fused multiply-adds SLEEF is 1.3 to 2 times as fast, and the last bits are other ones. All ranks of a job use
// the same kind, also where one of them runs on a processor without (from before 2013).
enum class MathsKind { fused, unfused };

// Fused if this processor can (topology/fma.h).
MathsKind bestMathsKind();
// For what compiled kernels are kept under.
const char* nameOf(MathsKind kind);

struct VectorVariant {
  unsigned lanes;
  std::string name;  // of the symbol kernels call: `q_exp_f64_x4`
  void* address;
};

struct MathsFunction {
  std::string name;
  bool single;  // f32
  int arguments;
  std::vector<VectorVariant> variants;  // what this processor can run, ascending
  void* address;                        // of one element; null where there are variants: see bind_maths.h
};

// Does every function's name begin like this one? Then it is worth loading them.
bool isMathsName(std::string_view name);
// All functions, loaded when first asked for; sorted by name. Throws CompileError. Any thread.
std::span<const MathsFunction> mathsFunctions(MathsKind kind);
// Null if there is none of this name.
const MathsFunction* findMaths(MathsKind kind, std::string_view name);
// Of one element, by the shortest vector. `b` counts for functions of two.
double callMaths(const MathsFunction& function, double a, double b);

}  // namespace quadrille
