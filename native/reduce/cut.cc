// See cut.h.
#include "reduce/cut.h"

#include <bit>
#include <cstring>

#include "reduce/clones.h"

namespace quadrille {

namespace {

constexpr int kLanes = 8;
using Vector = double __attribute__((vector_size(kLanes * sizeof(double))));
using Single = float __attribute__((vector_size(kLanes * sizeof(float))));
using Mask = int64_t __attribute__((vector_size(kLanes * sizeof(int64_t))));

// 2^exponent for the exponents of normal numbers.
double powerOfTwo(int exponent) { return std::bit_cast<double>(static_cast<uint64_t>(exponent + 1023) << 52); }

// n <= 2^12 multiples of 2^p, each at most 2^top: their sums stay below 2^(p + 53) if p >= top + 12 - 53 (one bit to
// spare). What is left is at most 2^(p - 1) in size. No double has bits below 2^-1074.
int lastPlace(int top) { return top - 40 < -1074 ? -1074 : top - 40; }

// x to the nearest multiple of sigma's last place, then what is left to tau's; sums of the multiples are exact.
struct Sigmas {
  double sigma, tau;
  explicit Sigmas(int top) {
    const int first = lastPlace(top), second = lastPlace(first - 1);
    sigma = 1.5 * powerOfTwo(first + 52);
    tau = 1.5 * powerOfTwo(second + 52);
  }
};

// Always inlined: a function of its own would not be compiled for its caller's instruction set.
__attribute__((always_inline)) inline void load(const double* values, Vector& x) { std::memcpy(&x, values, sizeof x); }

__attribute__((always_inline)) inline void load(const float* values, Vector& x) {
  Single single;
  std::memcpy(&single, values, sizeof single);
  x = __builtin_convertvector(single, Vector);
}

template <class T>
__attribute__((always_inline)) inline Cut cutAll(const T* values, int64_t n, double sigma, double tau) {
  const Vector sigmas = Vector{} + sigma, taus = Vector{} + tau;
  const Mask clear = Mask{} + INT64_MAX;
  constexpr int kUnroll = 2, kAhead = 512;
  Vector high[kUnroll] = {}, low[kUnroll] = {}, greatest[kUnroll] = {};
  Mask rest[kUnroll] = {};
  int64_t i = 0;
  for (; i + kUnroll * kLanes <= n; i += kUnroll * kLanes) {
    for (int u = 0; u < kUnroll; ++u) {
      // The processor's own prefetching stops at pages. What lies ahead may be anything: prefetching reads nothing.
      __builtin_prefetch(values + i + u * kLanes + kAhead);
      Vector x;
      load(values + i + u * kLanes, x);
      const Vector size = reinterpret_cast<Vector>(reinterpret_cast<Mask>(x) & clear);
      greatest[u] = size > greatest[u] ? size : greatest[u];
      const Vector first = (x + sigmas) - sigmas;
      x -= first;
      const Vector second = (x + taus) - taus;
      x -= second;
      high[u] += first;
      low[u] += second;
      rest[u] |= reinterpret_cast<Mask>(x);
    }
  }
  Cut result{0, 0, 0, false};
  for (int u = 0; u < kUnroll; ++u) {
    for (int lane = 0; lane < kLanes; ++lane) {
      result.high += high[u][lane];
      result.low += low[u][lane];
      result.greatest = greatest[u][lane] > result.greatest ? greatest[u][lane] : result.greatest;
      result.rest |= (rest[u][lane] & INT64_MAX) != 0;
    }
  }
  for (; i < n; ++i) {
    double x = values[i];
    const double size = x < 0 ? -x : x;
    result.greatest = size > result.greatest ? size : result.greatest;
    const double first = (x + sigma) - sigma;
    x -= first;
    const double second = (x + tau) - tau;
    x -= second;
    result.high += first;
    result.low += second;
    result.rest |= x != 0;
  }
  return result;
}

QUADRILLE_CLONES Cut cutDoubles(const double* values, int64_t n, double sigma, double tau) {
  return cutAll(values, n, sigma, tau);
}
QUADRILLE_CLONES Cut cutFloats(const float* values, int64_t n, double sigma, double tau) {
  return cutAll(values, n, sigma, tau);
}

// The bits of the greatest absolute value (of infinities and NaN, too: their exponents are the greatest).
template <class T>
__attribute__((always_inline)) inline int64_t greatestBits(const T* values, int64_t n) {
  const Mask clear = Mask{} + INT64_MAX;
  Mask most = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Vector x;
    load(values + i, x);
    const Mask bits = reinterpret_cast<Mask>(x) & clear;
    most = bits > most ? bits : most;
  }
  int64_t greatest = 0;
  for (int lane = 0; lane < kLanes; ++lane) greatest = most[lane] > greatest ? most[lane] : greatest;
  for (; i < n; ++i) {
    const int64_t bits = std::bit_cast<int64_t>(static_cast<double>(values[i])) & INT64_MAX;
    greatest = bits > greatest ? bits : greatest;
  }
  return greatest;
}

QUADRILLE_CLONES int64_t greatestOfDoubles(const double* values, int64_t n) { return greatestBits(values, n); }
QUADRILLE_CLONES int64_t greatestOfFloats(const float* values, int64_t n) { return greatestBits(values, n); }

int topOfBits(int64_t bits) { return static_cast<int>(bits >> 52) - 1022; }

// What is zero in all of so many neighbours is dropped: where sizes differ that much, they mostly do so place by place.
template <class T>
__attribute__((always_inline)) inline int64_t leftOfAll(const T* values, int64_t n, double sigma, double tau,
                                                        double* left) {
  const Vector sigmas = Vector{} + sigma, taus = Vector{} + tau;
  constexpr int kVectors = 8, kRun = kVectors * kLanes;
  int64_t count = 0, i = 0;
  for (; i + kRun <= n; i += kRun) {
    Mask bits = {};
    // `left` never overtakes `values`.
    for (int v = 0; v < kVectors; ++v) {
      Vector x;
      load(values + i + v * kLanes, x);
      x -= (x + sigmas) - sigmas;
      x -= (x + taus) - taus;
      bits |= reinterpret_cast<Mask>(x);
      std::memcpy(left + count + v * kLanes, &x, sizeof x);
    }
    int64_t any = 0;
    for (int lane = 0; lane < kLanes; ++lane) any |= bits[lane];
    count += (any & INT64_MAX) != 0 ? kRun : 0;
  }
  for (; i < n; ++i) {
    double x = values[i];
    x -= (x + sigma) - sigma;
    x -= (x + tau) - tau;
    left[count] = x;
    count += x != 0 ? 1 : 0;
  }
  return count;
}

QUADRILLE_CLONES int64_t leftOfDoubles(const double* values, int64_t n, double sigma, double tau, double* left) {
  return leftOfAll(values, n, sigma, tau, left);
}
QUADRILLE_CLONES int64_t leftOfFloats(const float* values, int64_t n, double sigma, double tau, double* left) {
  return leftOfAll(values, n, sigma, tau, left);
}

}  // namespace

// Appending costs no more than the pass itself.
int64_t gatherLeftBy(const double* values, int64_t n, int top, double* left) {
  const Sigmas at(top);
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) {
    double x = values[i];
    x -= (x + at.sigma) - at.sigma;
    x -= (x + at.tau) - at.tau;
    left[count] = x;
    count += x != 0 ? 1 : 0;
  }
  return count;
}

int topBelow(int top) { return lastPlace(lastPlace(top) - 1); }

int topOf(const double* values, int64_t n) { return topOfBits(greatestOfDoubles(values, n)); }
int topOf(const float* values, int64_t n) { return topOfBits(greatestOfFloats(values, n)); }
int topOf(double greatest) { return topOfBits(std::bit_cast<int64_t>(greatest)); }

Cut cut(const double* values, int64_t n, int top) {
  const Sigmas at(top);
  return cutDoubles(values, n, at.sigma, at.tau);
}
Cut cut(const float* values, int64_t n, int top) {
  const Sigmas at(top);
  return cutFloats(values, n, at.sigma, at.tau);
}

int64_t leftBy(const double* values, int64_t n, int top, double* left) {
  const Sigmas at(top);
  return leftOfDoubles(values, n, at.sigma, at.tau, left);
}
int64_t leftBy(const float* values, int64_t n, int top, double* left) {
  const Sigmas at(top);
  return leftOfFloats(values, n, at.sigma, at.tau, left);
}

}  // namespace quadrille
