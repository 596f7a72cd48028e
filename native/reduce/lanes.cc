// See lanes.h.
#include "reduce/lanes.h"

#include <cmath>
#include <cstring>
#include <type_traits>

#include "reduce/clones.h"

namespace quadrille {

namespace {

// 64 bytes of T, and what comparing two such vectors gives.
template <class T>
struct Lanes {
  static constexpr int kCount = 64 / static_cast<int>(sizeof(T));
  using Vector __attribute__((vector_size(64))) = T;
};

#define QUADRILLE_INLINE __attribute__((always_inline)) inline

template <bool least, class V>
QUADRILLE_INLINE void keep(V& most, const V& x) {
  if constexpr (least) {
    most = x < most ? x : most;
  } else {
    most = x > most ? x : most;
  }
}

// NaN is never greater or less: it is looked for by itself.
template <class T, bool least>
QUADRILLE_INLINE T extremeOf(const T* values, int64_t n, bool& nan) {
  using Vector = typename Lanes<T>::Vector;
  constexpr int kLanes = Lanes<T>::kCount;
  T most = values[0];
  int64_t i = 0;
  if (n >= 2 * kLanes) {
    // By name: arrays of accumulators stay in memory.
    Vector even = Vector{} + values[0], odd = even;
    // Chosen, not compared into: g++ takes comparisons apart whose result is kept.
    Vector strange = {};
    for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
      Vector x, y;
      std::memcpy(&x, values + i, sizeof x);
      std::memcpy(&y, values + i + kLanes, sizeof y);
      if constexpr (std::is_floating_point_v<T>) {
        strange = x == x ? strange : x;
        strange = y == y ? strange : y;
      }
      keep<least>(even, x);
      keep<least>(odd, y);
    }
    keep<least>(even, odd);
    for (int lane = 0; lane < kLanes; ++lane) {
      most = (least ? even[lane] < most : even[lane] > most) ? even[lane] : most;
      if constexpr (std::is_floating_point_v<T>) nan |= strange[lane] != strange[lane];
    }
  }
  for (; i < n; ++i) {
    const T x = values[i];
    if constexpr (std::is_floating_point_v<T>) nan |= x != x;
    most = (least ? x < most : x > most) ? x : most;
  }
  return most;
}

template <class T, bool least>
QUADRILLE_INLINE double floating(const T* values, int64_t n) {
  bool nan = false;
  const T most = extremeOf<T, least>(values, n, nan);
  return nan ? std::nan("") : static_cast<double>(most);
}

template <class T, bool least>
QUADRILLE_INLINE int64_t whole(const T* values, int64_t n) {
  bool nan = false;
  return extremeOf<T, least>(values, n, nan);
}

QUADRILLE_CLONES double leastF64(const double* v, int64_t n) { return floating<double, true>(v, n); }
QUADRILLE_CLONES double leastF32(const float* v, int64_t n) { return floating<float, true>(v, n); }
QUADRILLE_CLONES double greatestF64(const double* v, int64_t n) { return floating<double, false>(v, n); }
QUADRILLE_CLONES double greatestF32(const float* v, int64_t n) { return floating<float, false>(v, n); }
QUADRILLE_CLONES int64_t leastI64(const int64_t* v, int64_t n) { return whole<int64_t, true>(v, n); }
QUADRILLE_CLONES int64_t leastI32(const int32_t* v, int64_t n) { return whole<int32_t, true>(v, n); }
QUADRILLE_CLONES int64_t leastU8(const uint8_t* v, int64_t n) { return whole<uint8_t, true>(v, n); }
QUADRILLE_CLONES int64_t greatestI64(const int64_t* v, int64_t n) { return whole<int64_t, false>(v, n); }
QUADRILLE_CLONES int64_t greatestI32(const int32_t* v, int64_t n) { return whole<int32_t, false>(v, n); }
QUADRILLE_CLONES int64_t greatestU8(const uint8_t* v, int64_t n) { return whole<uint8_t, false>(v, n); }

// Counted by the block, then looked at one by one.
template <class T, class E>
QUADRILLE_INLINE int64_t find(T value, const E* values, int64_t n) {
  constexpr int64_t kBlock = 64;
  int64_t i = 0;
  for (; i + kBlock <= n; i += kBlock) {
    E hits = 0;
    for (int k = 0; k < kBlock; ++k) {
      const T x = values[i + k];
      hits += x == value || (x != x && value != value) ? E{1} : E{0};
    }
    if (hits != 0) break;
  }
  for (; i < n; ++i) {
    const T x = values[i];
    if (x == value || (x != x && value != value)) return i;
  }
  return n;
}

QUADRILLE_CLONES int64_t findF64(double x, const double* v, int64_t n) { return find(x, v, n); }
QUADRILLE_CLONES int64_t findF32(double x, const float* v, int64_t n) { return find(x, v, n); }
QUADRILLE_CLONES int64_t findI64(int64_t x, const int64_t* v, int64_t n) { return find(x, v, n); }
QUADRILLE_CLONES int64_t findI32(int64_t x, const int32_t* v, int64_t n) { return find(x, v, n); }
QUADRILLE_CLONES int64_t findU8(int64_t x, const uint8_t* v, int64_t n) { return find(x, v, n); }

constexpr int kWide = 8;
using Wide = uint64_t __attribute__((vector_size(kWide * sizeof(uint64_t))));

QUADRILLE_CLONES uint64_t sumI64(const int64_t* values, int64_t n) {
  Wide even = {}, odd = {};
  int64_t i = 0;
  for (; i + 2 * kWide <= n; i += 2 * kWide) {
    Wide x, y;
    std::memcpy(&x, values + i, sizeof x);
    std::memcpy(&y, values + i + kWide, sizeof y);
    even += x;
    odd += y;
  }
  even += odd;
  uint64_t sum = 0;
  for (int lane = 0; lane < kWide; ++lane) sum += even[lane];
  for (; i < n; ++i) sum += static_cast<uint64_t>(values[i]);
  return sum;
}

QUADRILLE_CLONES uint64_t sumI32(const int32_t* values, int64_t n) {
  using Half = int32_t __attribute__((vector_size(kWide * sizeof(int32_t))));
  using Signed = int64_t __attribute__((vector_size(kWide * sizeof(int64_t))));
  Signed even = {}, odd = {};
  int64_t i = 0;
  for (; i + 2 * kWide <= n; i += 2 * kWide) {
    Half x, y;
    std::memcpy(&x, values + i, sizeof x);
    std::memcpy(&y, values + i + kWide, sizeof y);
    even += __builtin_convertvector(x, Signed);
    odd += __builtin_convertvector(y, Signed);
  }
  even += odd;
  uint64_t sum = 0;
  for (int lane = 0; lane < kWide; ++lane) sum += static_cast<uint64_t>(even[lane]);
  for (; i < n; ++i) sum += static_cast<uint64_t>(static_cast<int64_t>(values[i]));
  return sum;
}

// Bytes of eight elements at a time: bit 0 of each, counted.
QUADRILLE_CLONES uint64_t sumU8(const uint8_t* values, int64_t n) {
  constexpr int kBytes = 64, kMost = 255;
  using Bytes = uint8_t __attribute__((vector_size(kBytes)));
  uint64_t sum = 0;
  int64_t i = 0;
  while (i + kBytes <= n) {
    Bytes counts = {};
    for (int k = 0; k < kMost && i + kBytes <= n; ++k, i += kBytes) {
      Bytes x;
      std::memcpy(&x, values + i, sizeof x);
      counts += x;
    }
    for (int lane = 0; lane < kBytes; ++lane) sum += counts[lane];
  }
  for (; i < n; ++i) sum += values[i];
  return sum;
}

}  // namespace

double leastOf(const double* values, int64_t n) { return leastF64(values, n); }
double leastOf(const float* values, int64_t n) { return leastF32(values, n); }
double greatestOf(const double* values, int64_t n) { return greatestF64(values, n); }
double greatestOf(const float* values, int64_t n) { return greatestF32(values, n); }
int64_t leastOf(const int64_t* values, int64_t n) { return leastI64(values, n); }
int64_t leastOf(const int32_t* values, int64_t n) { return leastI32(values, n); }
int64_t leastOf(const uint8_t* values, int64_t n) { return leastU8(values, n); }
int64_t greatestOf(const int64_t* values, int64_t n) { return greatestI64(values, n); }
int64_t greatestOf(const int32_t* values, int64_t n) { return greatestI32(values, n); }
int64_t greatestOf(const uint8_t* values, int64_t n) { return greatestU8(values, n); }
int64_t placeOf(double value, const double* values, int64_t n) { return findF64(value, values, n); }
int64_t placeOf(double value, const float* values, int64_t n) { return findF32(value, values, n); }
int64_t placeOf(int64_t value, const int64_t* values, int64_t n) { return findI64(value, values, n); }
int64_t placeOf(int64_t value, const int32_t* values, int64_t n) { return findI32(value, values, n); }
int64_t placeOf(int64_t value, const uint8_t* values, int64_t n) { return findU8(value, values, n); }
uint64_t sumOf(const int64_t* values, int64_t n) { return sumI64(values, n); }
uint64_t sumOf(const int32_t* values, int64_t n) { return sumI32(values, n); }
uint64_t sumOf(const uint8_t* values, int64_t n) { return sumU8(values, n); }

uint64_t productOf(const int64_t* values, int64_t n) {
  uint64_t products[4] = {1, 1, 1, 1};  // a multiplication takes its time
  int64_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (int u = 0; u < 4; ++u) products[u] *= static_cast<uint64_t>(values[i + u]);
  }
  for (; i < n; ++i) products[0] *= static_cast<uint64_t>(values[i]);
  return products[0] * products[1] * products[2] * products[3];
}

}  // namespace quadrille
