// See field.h.
#include "memory/field.h"

#include <algorithm>
#include <cstring>

#include "error.h"
#include "executor/team.h"
#include "memory/layout.h"
#include "memory/pages.h"
#include "memory/rows.h"

namespace quadrille {

namespace {

int64_t bytesOf(const Layout& layout, DType dtype) { return layout.elements * static_cast<int64_t>(sizeOf(dtype)); }

// Fields of equal shape would start at equal addresses modulo the page size, and the same element of each would fall
// into the same cache set: shift large ones against each other by an odd number of lines.
int64_t mostSkew(int64_t bytes) { return bytes < (int64_t{256} << 10) ? 0 : 63 * 64; }
int64_t skewBytes(uint64_t id, int64_t bytes) { return std::min<int64_t>((id * 11 % 64) * 64, mostSkew(bytes)); }
// Kernels may read (and not use) a line before the first element and one after the last (engine/shared_loads.h).
constexpr int64_t kMargin = 64;

Index zeros(size_t dims) { return Index(dims, 0); }

}  // namespace

Field::Field(FieldDesc desc) : desc_(std::move(desc)) {
  const size_t dims = desc_.shape.size();
  haloLo_ = haloHi_ = zeros(dims);
  const Layout layout = layOut(desc_.dtype, desc_.extent, haloLo_, haloHi_, 0);
  promise_ = Promise(bytesOf(layout, desc_.dtype));
}

Field::Field(FieldDesc desc, std::byte* data, std::shared_ptr<void> keep)
    : desc_(std::move(desc)), origin_(data), memory_(std::move(keep)) {
  const size_t dims = desc_.shape.size();
  haloLo_ = haloHi_ = zeros(dims);
  strides_ = Index(dims, 1);
  for (size_t d = dims - 1; d-- > 0;) strides_[d] = strides_[d + 1] * desc_.shape[d + 1];
  foreign_ = true;
}

void Field::ensure(const Index& haloLo, const Index& haloHi, int64_t alignAt, Team& team) {
  const size_t dims = desc_.shape.size();
  Index lo = haloLo_, hi = haloHi_;
  for (size_t d = 0; d < dims; ++d) {
    lo[d] = std::max(lo[d], haloLo[d]);
    hi[d] = std::max(hi[d], haloHi[d]);
  }
  const bool grows = !memory_ || lo != haloLo_ || hi != haloHi_;
  // The first Plan with an opinion decides where vectors begin, also where the field was filled or written before.
  const bool aligns = !foreign_ && alignAt >= 0 && alignAt_ < 0;
  if (aligns) alignAt_ = alignAt;
  if (!grows && !(aligns && alignAt != 0)) return;
  if (foreign_) throw UsageError("a host field has no halo");
  ++version_;
  try {
    place(std::move(lo), std::move(hi), team);
  } catch (const OutOfMemory&) {
    if (grows) throw;  // alignment is worth a copy, not an error
  }
}

void Field::place(Index lo, Index hi, Team& team) {
  const Layout layout = layOut(desc_.dtype, desc_.extent, lo, hi, std::max<int64_t>(alignAt_, 0));
  const int64_t size = bytesOf(layout, desc_.dtype);
  const int64_t bytes = size + mostSkew(size) + 2 * kMargin;
  // Both blocks are there while the contents move; before the first touch the old promise is simply replaced.
  if (!memory_) promise_ = Promise();
  Promise promise(bytes);
  const std::shared_ptr<void> memory = takePages(static_cast<size_t>(bytes));
  std::byte* const base = static_cast<std::byte*>(memory.get()) + kMargin + skewBytes(id_, size);
  std::byte* const origin = base + layout.origin * static_cast<int64_t>(sizeOf(desc_.dtype));
  if (!desc_.scratch) touchFirst(base - kMargin, size + 2 * kMargin, team);
  promise.touched();
  if (memory_) {
    const Rows rows(desc_.extent);
    const size_t element = sizeOf(desc_.dtype);
    team.run(team.size(), [&](int member) noexcept {
      rows.forShare(member, team.size(), [&](const Index& at, int64_t) {
        std::memcpy(origin + rows.offset(at, layout.strides) * static_cast<int64_t>(element),
                    origin_ + rows.offset(at, strides_) * static_cast<int64_t>(element),
                    static_cast<size_t>(rows.length()) * element);
      });
    });
  }
  memory_ = memory;
  promise_ = std::move(promise);
  origin_ = origin;
  strides_ = layout.strides;
  haloLo_ = std::move(lo);
  haloHi_ = std::move(hi);
  ++layout_;
}

// By equal shares of the whole block: within a row or so of the shares that sweeps take (executor/tiles.cc), so that
// pages lie on the memory node of the thread that will use them.
void Field::touchFirst(std::byte* base, int64_t bytes, Team& team) {
  const int members = bytes < (int64_t{256} << 10) ? 1 : team.size();
  team.run(members, [&](int member) noexcept {
    const int64_t from = cut(bytes, members, member), to = cut(bytes, members, member + 1);
    std::memset(base + from, 0, static_cast<size_t>(to - from));
  });
}

}  // namespace quadrille
