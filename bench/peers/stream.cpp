// The physical limit: a STREAM-like copy between two fields of the same size, 16 named bytes per point and step.
// Argument "plain" copies with ordinary stores (which also read the line they overwrite), "nt" with non-temporal
// ones. Speaks protocol.h; its checksum covers a copy and so equals that of the initial data.
#include <string_view>
#include <utility>
#include <vector>

#include "protocol.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace {

void copyPlain(double* __restrict to, const double* __restrict from, size_t begin, size_t end) {
  // The barrier keeps the loop from becoming a memcpy, which chooses non-temporal stores by itself.
  for (size_t k = begin; k < end; k += 512) {
    const size_t stop = k + 512 < end ? k + 512 : end;
    for (size_t i = k; i < stop; ++i) to[i] = from[i];
    asm volatile("" ::: "memory");
  }
}

void copyNonTemporal(double* __restrict to, const double* __restrict from, size_t begin, size_t end) {
#if defined(__AVX512F__)
  for (size_t k = begin; k < end; k += 8) _mm512_stream_pd(to + k, _mm512_load_pd(from + k));
#elif defined(__AVX__)
  for (size_t k = begin; k < end; k += 4) _mm256_stream_pd(to + k, _mm256_load_pd(from + k));
#elif defined(__SSE2__)
  for (size_t k = begin; k < end; k += 2) _mm_stream_pd(to + k, _mm_load_pd(from + k));
#else
  std::memcpy(to + begin, from + begin, (end - begin) * sizeof(double));
#endif
}

struct Aligned {
  std::vector<double> memory;
  double* data = nullptr;

  void resize(size_t count) {
    memory.resize(count + 8);
    data = memory.data();
    while (reinterpret_cast<uintptr_t>(data) % 64 != 0) ++data;
  }
};

struct Stream {
  bool nonTemporal;
  size_t count = 0;
  Aligned a = {}, b = {};

  void setup(size_t n) {
    count = n * n;
    a.resize(count);
    b.resize(count);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) a.data[i * n + j] = bench::initial(i, j);
    std::memset(b.data, 0, count * sizeof(double));
  }

  double run(int steps, int threads) {
    // Whole lines per thread: n is a multiple of 8 at every size that is benchmarked.
    const size_t chunk = (count / threads + 7) / 8 * 8;
    const double start = bench::now();
    for (int s = 0; s < steps; ++s) {
#pragma omp parallel for num_threads(threads) schedule(static)
      for (int t = 0; t < threads; ++t) {
        const size_t begin = chunk * t, end = t + 1 == threads ? count : chunk * (t + 1);
        if (nonTemporal)
          copyNonTemporal(b.data, a.data, begin, end);
        else
          copyPlain(b.data, a.data, begin, end);
      }
      std::swap(a.data, b.data);
    }
    return bench::now() - start;
  }

  uint32_t checksum() const { return bench::checksum(a.data, count); }
};

}  // namespace

int main(int argc, char** argv) {
  return bench::serve(Stream{.nonTemporal = argc > 1 && std::string_view(argv[1]) == "nt"});
}
