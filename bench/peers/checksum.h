// Rows of fields in; what two peers compare out: a sum over the bits, for peers that round alike, and a weighted sum
// of squares, for peers compiled to round differently (-ffast-math). checksum.ts and protocol.py compute the same.
// Squares, because a relaxation that is a step behind has the same mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace bench {

struct Checksum {
  uint32_t bits = 0;   // of 32-bit words: word * (2 * index + 1), modulo 2^32
  double squares = 0;  // of values: value^2 * (1 + index % 97)

  // A run of values, the first of which has number `first` in its workload (fields one after the other, C order).
  // Squares are summed by rows, so that rounding in a long sum stays far below what peers may differ by.
  template <class T>
  void add(const T* row, size_t count, size_t first) {
    constexpr size_t words = sizeof(T) / 4;
    double sum = 0;
    for (size_t k = 0; k < count; ++k) {
      uint32_t word[words];
      std::memcpy(word, row + k, sizeof(T));
      for (size_t w = 0; w < words; ++w) bits += word[w] * static_cast<uint32_t>(2 * (words * (first + k) + w) + 1);
      const double value = static_cast<double>(row[k]);
      sum += value * value * static_cast<double>(1 + (first + k) % 97);
    }
    squares += sum;
  }

  std::string text() const {
    char line[80];
    std::snprintf(line, sizeof line, "%08x %.17g", bits, squares);
    return line;
  }
};

}  // namespace bench
