// What elementwise functions cost in C++ with -ffast-math, where g++ calls glibc's vector functions (libmvec). Out: one
// line per function and type, `exp f64 0.63`: ns per element, the fastest of several passes over what lies in L1.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

constexpr int kCount = 2048, kPasses = 200;

template <class T, class F>
void measure(const char* name, const char* type, double lo, double hi, F function) {
  std::vector<T> a(kCount), b(kCount);
  for (int i = 0; i < kCount; ++i) a[i] = static_cast<T>(lo + (hi - lo) * (i * 37 % kCount) / kCount);
  double best = 1e9;
  for (int pass = 0; pass < kPasses; ++pass) {
    const auto begin = std::chrono::steady_clock::now();
    T* __restrict to = b.data();
    const T* __restrict from = a.data();
    for (int i = 0; i < kCount; ++i) to[i] = function(from[i]);
    asm volatile("" : : "r"(to) : "memory");
    const double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
    if (ns / kCount < best) best = ns / kCount;
  }
  std::printf("%s %s %g\n", name, type, best);
}

#define MEASURE(name, lo, hi, call)                                          \
  measure<double>(#name, "f64", lo, hi, [](double x) { return std::call; }); \
  measure<float>(#name, "f32", lo, hi, [](float x) { return std::call; });

int main() {
  MEASURE(sqrt, 0, 100, sqrt(x))
  MEASURE(exp, -80, 80, exp(x))
  MEASURE(exp2, -80, 80, exp2(x))
  MEASURE(expm1, -5, 5, expm1(x))
  MEASURE(log, 0.01, 100, log(x))
  MEASURE(log1p, -0.9, 100, log1p(x))
  MEASURE(log2, 0.01, 100, log2(x))
  MEASURE(log10, 0.01, 100, log10(x))
  MEASURE(cbrt, -50, 50, cbrt(x))
  MEASURE(sin, -50, 50, sin(x))
  MEASURE(cos, -50, 50, cos(x))
  MEASURE(tan, -50, 50, tan(x))
  MEASURE(arcsin, -1, 1, asin(x))
  MEASURE(arccos, -1, 1, acos(x))
  MEASURE(arctan, -50, 50, atan(x))
  MEASURE(sinh, -5, 5, sinh(x))
  MEASURE(cosh, -5, 5, cosh(x))
  MEASURE(tanh, -5, 5, tanh(x))
  MEASURE(arcsinh, -50, 50, asinh(x))
  MEASURE(arccosh, 1, 50, acosh(x))
  MEASURE(arctanh, -0.99, 0.99, atanh(x))
  MEASURE(power, 0.1, 10, pow(x, x))
  MEASURE(arctan2, 0.1, 10, atan2(x, x))
  MEASURE(hypot, 0.1, 10, hypot(x, x))
  MEASURE(rint, -50, 50, rint(x))
  MEASURE(fmod, 0.1, 50, fmod(x, decltype(x)(0.7)))
}
