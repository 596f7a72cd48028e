// Where a field's elements lie: strides and origin from extents and halos, padded against cache conflicts.
#pragma once

#include "executor/plan.h"

namespace quadrille {

struct Layout {
  Index strides;     // in elements, outermost first; the last is 1
  int64_t origin;    // element (0, ..., 0) counted from a 64-byte boundary
  int64_t elements;  // to allocate, from that boundary
};

// `alignAt`: the index along the last dimension that falls on a 64-byte boundary, in every row where rows are padded.
// Sizes beyond 2^62 bytes saturate, so that the budget refuses them.
Layout layOut(DType dtype, const Index& extent, const Index& haloLo, const Index& haloHi, int64_t alignAt);

}  // namespace quadrille
