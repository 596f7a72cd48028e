// See layout.h.
#include "memory/layout.h"

#include <algorithm>

namespace quadrille {

namespace {

constexpr int64_t kLine = 64;      // bytes in a cache line, and in the widest vector
constexpr int64_t kSetLines = 64;  // lines in 4096 bytes: what an L1 of 64 sets, and store-to-load checks, wrap at
// Rows shorter than this are not padded: vectors of components would otherwise take a multiple of their size.
constexpr int64_t kShortRow = 128;
constexpr int64_t kTooMany = int64_t{1} << 59;

int64_t product(int64_t a, int64_t b) {
  int64_t result;
  return __builtin_mul_overflow(a, b, &result) ? kTooMany : std::min(result, kTooMany);
}

// A multiple of 4096 bytes puts all rows into the same sets (1.5x slower at N = 8192); near ones are as bad for the
// neighbouring rows of a stencil. An odd number of lines visits all sets.
bool conflicts(int64_t lines) {
  const int64_t rest = lines % kSetLines;
  return lines >= kSetLines / 2 && std::min(rest, kSetLines - rest) < 3;
}

int64_t leadingDimension(int64_t row, int64_t size) {
  if (row * size < kShortRow) return row;
  int64_t lines = (row * size + kLine - 1) / kLine;
  while (lines > 2 && (lines % 2 == 0 || conflicts(lines))) ++lines;
  return lines * kLine / size;
}

}  // namespace

Layout layOut(DType dtype, const Index& extent, const Index& haloLo, const Index& haloHi, int64_t alignAt) {
  const int64_t size = static_cast<int64_t>(sizeOf(dtype));
  const int64_t perLine = kLine / size;
  const size_t dims = extent.size();
  const auto with = [&](size_t d) { return std::min(extent[d] + haloLo[d] + haloHi[d], kTooMany); };

  Layout layout{Index(dims, 1), 0, 0};
  for (size_t d = dims - 1; d-- > 0;) {
    int64_t inner = with(d + 1);
    if (d + 2 == dims) {
      inner = leadingDimension(inner, size);
    } else if (product(layout.strides[d + 1], size) % kLine == 0 &&
               conflicts(product(inner, layout.strides[d + 1]) * size / kLine)) {
      ++inner;  // one row more per plane
    }
    layout.strides[d] = product(layout.strides[d + 1], inner);
  }
  const int64_t lead = ((-(haloLo[dims - 1] + alignAt)) % perLine + perLine) % perLine;
  layout.origin = lead;
  for (size_t d = 0; d < dims; ++d) layout.origin += product(haloLo[d], layout.strides[d]);
  layout.elements = std::min(lead + product(with(0), layout.strides[0]), kTooMany);
  if (dims == 1) layout.elements = std::min(lead + with(0), kTooMany);
  return layout;
}

}  // namespace quadrille
