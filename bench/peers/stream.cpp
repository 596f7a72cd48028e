// The physical limit: a STREAM-like copy between two fields of a problem's shape, one element read and one written per
// point and step. Speaks protocol.h; `run` takes a third word: "plain" copies with ordinary stores (which also read the
// line they overwrite), "nt" with non-temporal ones. Its checksum covers a copy and so equals that of the initial data.
#include <cstring>
#include <utility>
#include <vector>

#include "protocol.h"
#include "workloads.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace {

constexpr size_t kLine = 64;

// Counts are of bytes, whole lines but for the end of the field.
void copyPlain(char* __restrict to, const char* __restrict from, size_t begin, size_t end) {
  // The barrier keeps the loop from becoming a memcpy, which chooses non-temporal stores by itself.
  for (size_t k = begin; k < end; k += 4096) {
    const size_t stop = k + 4096 < end ? k + 4096 : end;
    for (size_t i = k; i < stop; ++i) to[i] = from[i];
    asm volatile("" ::: "memory");
  }
}

void copyNonTemporal(char* __restrict to, const char* __restrict from, size_t begin, size_t end) {
#if defined(__AVX512F__)
  for (size_t k = begin; k < end; k += 64) _mm512_stream_si512((__m512i*)(to + k), _mm512_load_si512(from + k));
#elif defined(__AVX__)
  for (size_t k = begin; k < end; k += 32)
    _mm256_stream_si256((__m256i*)(to + k), _mm256_load_si256((const __m256i*)(from + k)));
#elif defined(__SSE2__)
  for (size_t k = begin; k < end; k += 16)
    _mm_stream_si128((__m128i*)(to + k), _mm_load_si128((const __m128i*)(from + k)));
#else
  std::memcpy(to + begin, from + begin, end - begin);
#endif
}

struct Line {
  alignas(kLine) char bytes[kLine];
};

template <class T>
class Stream : public bench::Solver {
 public:
  explicit Stream(const bench::Problem& problem) : shape_(problem.shape) {
    const auto [n0, n1, n2] = shape_;
    lines_ = (n0 * n1 * n2 * sizeof(T) + kLine - 1) / kLine;
    a_.resize(lines_);
    b_.resize(lines_);
    T* data = reinterpret_cast<T*>(a_.data());
    for (size_t i = 0; i < n0; ++i)
      for (size_t j = 0; j < n1; ++j)
        for (size_t k = 0; k < n2; ++k) *data++ = static_cast<T>(bench::FIRST(i, j, k));
  }

  void run(int steps, int threads, const std::string& stores) override {
    const auto copy = stores == "nt" ? copyNonTemporal : copyPlain;
    const size_t chunk = (lines_ + threads - 1) / threads * kLine;
    for (int s = 0; s < steps; ++s) {
#pragma omp parallel for num_threads(threads) schedule(static)
      for (int t = 0; t < threads; ++t) {
        const size_t begin = chunk * t, end = t + 1 == threads ? lines_ * kLine : chunk * (t + 1);
        copy(b_.data()->bytes, a_.data()->bytes, begin, end);
      }
      std::swap(a_, b_);
    }
  }

  bench::Checksum checksum() const override {
    const auto [n0, n1, n2] = shape_;
    const size_t row = n2 > 1 ? n2 : n1;
    bench::Checksum sum;
    for (size_t k = 0; k < n0 * n1 * n2; k += row) sum.add(reinterpret_cast<const T*>(a_.data()) + k, row, k);
    return sum;
  }

 private:
  std::array<size_t, 3> shape_;
  size_t lines_ = 0;
  std::vector<Line> a_, b_;
};

}  // namespace

int main() {
  return bench::serve([](const bench::Problem& problem) -> std::unique_ptr<bench::Solver> {
    if (problem.dtype == "f32") return std::make_unique<Stream<float>>(problem);
    return std::make_unique<Stream<double>>(problem);
  });
}
