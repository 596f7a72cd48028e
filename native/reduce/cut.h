// The vectorised part of an exact sum: a block of values in; out come two doubles that are exact sums of the values'
// leading bits, and the block of what is left of them.
#pragma once

#include <cstdint>

namespace quadrille {

struct CutBlock {
  bool done;  // false: there are infinities, NaN or numbers beyond 2^1000; nothing was changed
  bool rest;  // something is left in `values`
  double high, low;
};

// At most 4096 values.
CutBlock cutBlock(double* values, int64_t n);

}  // namespace quadrille
