// The line protocol of the benchmark's peers: commands come in on stdin, one answer line per command goes out on
// stdout.
//   setup N        allocate (or overwrite) the N x N fields with the initial data      -> ok
//   run k t        k steps on t threads, timed here                                    -> seconds
//   checksum       of the newest field (bench/checksum.ts says how)                    -> 8 hex digits
// End of input ends the process.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>

namespace bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// The initial value of point (i, j), boundary included: exact in every language, nowhere denormal, the same nowhere.
inline double initial(size_t i, size_t j) { return static_cast<double>((7 * i + 13 * j) % 101) / 101.0; }

// Sum over the 32-bit words of the field of word * (2 * index + 1), modulo 2^32.
inline uint32_t checksum(const double* field, size_t count) {
  uint32_t sum = 0;
  for (size_t k = 0; k < count; ++k) {
    uint32_t words[2];
    std::memcpy(words, field + k, 8);
    const auto weight = static_cast<uint32_t>(4 * k + 1);
    sum += words[0] * weight + words[1] * (weight + 2);
  }
  return sum;
}

// Peer: setup(n), run(steps, threads) -> seconds, checksum().
template <class Peer>
int serve(Peer peer) {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "setup") {
      size_t n = 0;
      words >> n;
      peer.setup(n);
      std::puts("ok");
    } else if (command == "run") {
      int steps = 0, threads = 1;
      words >> steps >> threads;
      std::printf("%.9f\n", peer.run(steps, threads));
    } else if (command == "checksum") {
      std::printf("%08x\n", peer.checksum());
    } else {
      std::fprintf(stderr, "unknown command: %s\n", line.c_str());
      return 1;
    }
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace bench
