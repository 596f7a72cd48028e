// See bandwidth.h.
#include "memory/bandwidth.h"

#include <algorithm>
#include <barrier>
#include <cstring>
#include <memory>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "clock.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace quadrille {

namespace {

// Of each of the two arrays, all threads together: more than most caches, and a field of a common size.
constexpr int64_t kBytes = int64_t{128} << 20;
constexpr int kRounds = 3;
constexpr size_t kLine = 64;

struct Free {
  void operator()(std::byte* p) const { ::operator delete[](p, std::align_val_t{4096}); }
};
using Bytes = std::unique_ptr<std::byte[], Free>;

Bytes take(size_t size) {
  return Bytes(static_cast<std::byte*>(::operator new[](size, std::align_val_t{4096}, std::nothrow)));
}

void copyAround(std::byte* to, const std::byte* from, size_t bytes) {
#ifdef __SSE2__
  auto* out = reinterpret_cast<__m128i*>(to);
  const auto* in = reinterpret_cast<const __m128i*>(from);
  for (size_t i = 0; i < bytes / sizeof(__m128i); i += 4) {
    const __m128i a = _mm_load_si128(in + i), b = _mm_load_si128(in + i + 1);
    const __m128i c = _mm_load_si128(in + i + 2), d = _mm_load_si128(in + i + 3);
    _mm_stream_si128(out + i, a);
    _mm_stream_si128(out + i + 1, b);
    _mm_stream_si128(out + i + 2, c);
    _mm_stream_si128(out + i + 3, d);
  }
  _mm_sfence();
#else
  std::memcpy(to, from, bytes);
#endif
}

}  // namespace

double measureBandwidth(int threads, int64_t availableBytes) {
  if (threads < 1 || availableBytes < 4 * kBytes) return 0;
  const size_t share = static_cast<size_t>(kBytes) / static_cast<size_t>(threads) / kLine * kLine;
  const size_t all = share * static_cast<size_t>(threads);
  const Bytes from = take(all), to = take(all);
  if (!from || !to) return 0;
  double best = 0;
  int64_t begin = 0;
  int phase = 0;
  // Phase 0 touches the memory first; then each round copies in both ways.
  std::barrier together(threads, [&]() noexcept {
    const int64_t now = nowNs();
    if (phase > 1) best = std::max(best, 2 * static_cast<double>(all) / static_cast<double>(now - begin));
    ++phase;
    begin = now;
  });
  const auto work = [&](int member) {
    std::byte* out = to.get() + share * static_cast<size_t>(member);
    std::byte* in = from.get() + share * static_cast<size_t>(member);
    together.arrive_and_wait();
    std::memset(in, 1, share);
    std::memset(out, 2, share);
    together.arrive_and_wait();
    for (int round = 0; round < kRounds; ++round) {
      std::memcpy(out, in, share);
      together.arrive_and_wait();
      copyAround(out, in, share);
      together.arrive_and_wait();
    }
  };
  bool whole = true;
  {
    std::vector<std::jthread> others;
    for (int member = 1; member < threads; ++member) {
      try {
        others.emplace_back(work, member);
      } catch (const std::system_error&) {
        whole = false;
        together.arrive_and_drop();
      }
    }
    work(0);
  }
  return whole ? best : 0;
}

}  // namespace quadrille
