// The loop nests of the C++ peers, as anyone writes them: fields and the box to sweep in, one step over it out. With
// -fopenmp they run on threads.
#pragma once

#include <array>
#include <cstddef>

#include "workloads.h"

namespace bench {

// What is swept in one dimension: [begin, end).
struct Interval {
  size_t begin, end;
};

// A box of all but what is within `radius` of the edge; of two dimensions, the last is not looked at.
inline std::array<Interval, 3> inside(const std::array<size_t, 3>& shape, size_t radius) {
  return {{{radius, shape[0] - radius}, {radius, shape[1] - radius}, {radius, shape[2] - radius}}};
}

// n: elements from one row to the next.
template <class T>
void laplace2d(T* __restrict y, const T* __restrict x, size_t n, Interval rows, Interval columns) {
  const size_t i0 = rows.begin, i1 = rows.end, j0 = columns.begin, j1 = columns.end;
#pragma omp parallel for schedule(static)
  for (size_t i = i0; i < i1; ++i)
    for (size_t j = j0; j < j1; ++j)
      y[i * n + j] = T(0.25) * (x[(i - 1) * n + j] + x[(i + 1) * n + j] + x[i * n + j - 1] + x[i * n + j + 1]);
}

// s: elements from one plane to the next.
template <class T>
void laplace3d(T* __restrict y, const T* __restrict x, size_t s, size_t n, const std::array<Interval, 3>& box) {
  const size_t i0 = box[0].begin, i1 = box[0].end, j0 = box[1].begin, j1 = box[1].end, k0 = box[2].begin,
               k1 = box[2].end;
#pragma omp parallel for schedule(static)
  for (size_t i = i0; i < i1; ++i)
    for (size_t j = j0; j < j1; ++j)
      for (size_t k = k0, o = i * s + j * n; k < k1; ++k)
        y[o + k] =
            T(1.0 / 6) * (x[o + k - s] + x[o + k + s] + x[o + k - n] + x[o + k + n] + x[o + k - 1] + x[o + k + 1]);
}

template <class T>
void burgers2d(T* __restrict p, T* __restrict q, const T* __restrict u, const T* __restrict v, size_t n, Interval rows,
               Interval columns) {
  constexpr T C = T(BURGERS_C), D = T(BURGERS_D);
  const size_t i0 = rows.begin, i1 = rows.end, j0 = columns.begin, j1 = columns.end;
#pragma omp parallel for schedule(static)
  for (size_t i = i0; i < i1; ++i)
    for (size_t j = j0; j < j1; ++j) {
      const size_t o = i * n + j;
      const T a = u[o], b = v[o];
      p[o] = a - C * a * (a - u[o - 1]) - C * b * (a - u[o - n]) + D * (u[o + 1] - 2 * a + u[o - 1]) +
             D * (u[o + n] - 2 * a + u[o - n]);
      q[o] = b - C * a * (b - v[o - 1]) - C * b * (b - v[o - n]) + D * (v[o + 1] - 2 * b + v[o - 1]) +
             D * (v[o + n] - 2 * b + v[o - n]);
    }
}

}  // namespace bench
