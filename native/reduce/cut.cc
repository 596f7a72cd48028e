// See cut.h.
#include "reduce/cut.h"

#include <bit>
#include <cmath>
#include <cstring>

// One function body, compiled for several instruction sets and chosen when the addon is loaded. Not under a sanitizer:
// its runtime is not there yet when the choice is made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__)
#define QUADRILLE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define QUADRILLE_CLONES
#endif

namespace quadrille {

namespace {

constexpr int kLanes = 8;
using Vector = double __attribute__((vector_size(kLanes * sizeof(double))));
using Mask = int64_t __attribute__((vector_size(kLanes * sizeof(int64_t))));

// 2^exponent for the exponents of normal numbers.
double powerOfTwo(int exponent) { return std::bit_cast<double>(static_cast<uint64_t>(exponent + 1023) << 52); }

// The bits of the greatest absolute value (of infinities and NaN, too: their exponents are the greatest).
QUADRILLE_CLONES int64_t greatestBits(const double* values, int64_t n) {
  const Mask clear = Mask{} + INT64_MAX;
  Mask most[2] = {};
  int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    for (int u = 0; u < 2; ++u) {
      Mask bits;
      std::memcpy(&bits, values + i + u * kLanes, sizeof bits);
      bits &= clear;
      most[u] = bits > most[u] ? bits : most[u];
    }
  }
  int64_t greatest = 0;
  for (int lane = 0; lane < kLanes; ++lane) {
    for (const Mask& part : most) greatest = part[lane] > greatest ? part[lane] : greatest;
  }
  for (; i < n; ++i) {
    const int64_t bits = std::bit_cast<int64_t>(values[i]) & INT64_MAX;
    greatest = bits > greatest ? bits : greatest;
  }
  return greatest;
}

// x to the nearest multiple of sigma's last place, twice; sums of the multiples are exact.
QUADRILLE_CLONES CutBlock cut(double* values, int64_t n, double sigma, double tau) {
  const Vector sigmas = Vector{} + sigma, taus = Vector{} + tau;
  constexpr int kUnroll = 4;
  Vector high[kUnroll] = {}, low[kUnroll] = {};
  Mask rest = {};
  int64_t i = 0;
  for (; i + kUnroll * kLanes <= n; i += kUnroll * kLanes) {
    for (int u = 0; u < kUnroll; ++u) {
      Vector x;
      std::memcpy(&x, values + i + u * kLanes, sizeof x);
      const Vector first = (x + sigmas) - sigmas;
      x -= first;
      const Vector second = (x + taus) - taus;
      x -= second;
      high[u] += first;
      low[u] += second;
      rest |= x != Vector{};
      std::memcpy(values + i + u * kLanes, &x, sizeof x);
    }
  }
  CutBlock block{true, false, 0, 0};
  for (int lane = 0; lane < kLanes; ++lane) {
    for (int u = 0; u < kUnroll; ++u) {
      block.high += high[u][lane];
      block.low += low[u][lane];
    }
    block.rest |= rest[lane] != 0;
  }
  for (; i < n; ++i) {
    double x = values[i];
    const double first = (x + sigma) - sigma;
    x -= first;
    const double second = (x + tau) - tau;
    x -= second;
    block.high += first;
    block.low += second;
    block.rest |= x != 0;
    values[i] = x;
  }
  return block;
}

}  // namespace

CutBlock cutBlock(double* values, int64_t n) {
  // All values are below 2^top in size.
  const int top = static_cast<int>(greatestBits(values, n) >> 52) - 1022;
  if (top > 1000) return {false, true, 0, 0};
  // n <= 2^12 multiples of 2^p, each at most 2^top: their sums stay below 2^(p + 53) if p >= top + 12 - 53 (one bit to
  // spare). What is left is at most 2^(p - 1) in size. No double has bits below 2^-1074.
  const auto clamp = [](int exponent) { return exponent < -1074 ? -1074 : exponent; };
  const int first = clamp(top - 40), second = clamp(first - 1 - 40);
  return cut(values, n, 1.5 * powerOfTwo(first + 52), 1.5 * powerOfTwo(second + 52));
}

}  // namespace quadrille
