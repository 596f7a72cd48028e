// A field's block on this rank: aligned memory with halo and padded leading dimension, first touched by the threads
// that will sweep it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "../executor/plan.h"
#include "budget.h"

namespace quadrille {

class Team;

struct FieldDesc {
  DType dtype;
  Index shape, offset, extent;
  // Written before it is read (a Plan's temporary): not zeroed, so that what a sweep leaves alone takes no memory.
  bool scratch = false;
};

class Field {
 public:
  // Promises the block's memory (throws OutOfMemory), does not take it yet.
  explicit Field(FieldDesc desc);
  // Over foreign memory in C order (whole shape, no halo); `keep` keeps that memory alive.
  Field(FieldDesc desc, std::byte* data, std::shared_ptr<void> keep);

  // Makes sure memory is there with at least these halos; grows (keeping the block's contents) where it is not. New
  // memory is zeroed by the team. `alignAt` (-1: no opinion) is heeded once, if there is memory to: whoever first has
  // an opinion decides, also where the field was filled before. Halos may be lost; then `version` advances. Call it
  // with the same arguments on every rank, so that versions advance alike. Throws OutOfMemory.
  void ensure(const Index& haloLo, const Index& haloHi, int64_t alignAt, Team& team);

  // Unique in this process and never used again, unlike the address: caches that outlive a Field go by it.
  uint64_t id() const { return id_; }
  const FieldDesc& desc() const { return desc_; }
  // Address of block-local element (0, ..., 0); valid after ensure().
  std::byte* origin() const { return origin_; }
  // Strides in elements, outermost first; the last is 1.
  const Index& strides() const { return strides_; }
  // Advances with every change of origin() or strides().
  uint64_t layout() const { return layout_; }
  // Counts writes to the field on ANY rank: the same number on every rank at the same place in the program.
  uint64_t version() const { return version_; }
  void touch() { ++version_; }

 private:
  void place(Index lo, Index hi, Team& team);
  static void touchFirst(std::byte* base, int64_t bytes, Team& team);
  static uint64_t nextId() {
    static std::atomic<uint64_t> last{0};
    return ++last;
  }

  const uint64_t id_ = nextId();
  FieldDesc desc_;
  Index haloLo_, haloHi_, strides_;
  std::byte* origin_ = nullptr;
  std::shared_ptr<void> memory_;
  Promise promise_;
  bool foreign_ = false;
  int64_t alignAt_ = -1;  // -1: no Plan has said
  uint64_t layout_ = 0;
  uint64_t version_ = 0;
};

}  // namespace quadrille
