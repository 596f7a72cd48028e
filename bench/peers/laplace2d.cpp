// The plain C++ peer: the 2-D 5-point Laplace loop nest that anyone writes, with or without -fopenmp.
// Speaks protocol.h. Same order of additions as ours and NumPy's, so that the bits agree.
#include <utility>
#include <vector>

#include "protocol.h"

namespace {

void sweep(double* __restrict y, const double* __restrict x, size_t n, [[maybe_unused]] int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t i = 1; i < n - 1; ++i)
    for (size_t j = 1; j < n - 1; ++j)
      y[i * n + j] = 0.25 * (x[(i - 1) * n + j] + x[(i + 1) * n + j] + x[i * n + j - 1] + x[i * n + j + 1]);
}

struct Laplace2d {
  size_t n = 0;
  std::vector<double> x, y;

  void setup(size_t size) {
    n = size;
    x.resize(n * n);
    y.resize(n * n);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) x[i * n + j] = y[i * n + j] = bench::initial(i, j);
  }

  double run(int steps, int threads) {
    const double start = bench::now();
    for (int s = 0; s < steps; ++s) {
      sweep(y.data(), x.data(), n, threads);
      std::swap(x, y);
    }
    return bench::now() - start;
  }

  uint32_t checksum() const { return bench::checksum(x.data(), n * n); }
};

}  // namespace

int main() { return bench::serve(Laplace2d{}); }
