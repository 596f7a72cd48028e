// See block.h.
#include "memory/block.h"

#include <algorithm>
#include <cstring>

#include "executor/team.h"
#include "memory/rows.h"

namespace quadrille {

namespace {

// Less than this is copied by the caller alone: waking the team costs as much.
constexpr int64_t kAloneBytes = 64 << 10;

template <class RowWork>
void forRows(const Field& field, Team& team, RowWork&& work) {
  const Rows rows(field.desc().extent);
  const auto size = static_cast<int64_t>(sizeOf(field.desc().dtype));
  const int members = rows.count() * rows.length() * size < kAloneBytes ? 1 : team.size();
  team.run(members, [&](int member) noexcept {
    rows.forShare(member, members, [&](const Index& at, int64_t row) {
      work(field.origin() + Rows::offset(at, field.strides()) * size, row, rows.length());
    });
  });
}

template <class T>
void fillRows(Field& field, T value, Team& team) {
  forRows(field, team,
          [value](std::byte* row, int64_t, int64_t length) { std::fill_n(reinterpret_cast<T*>(row), length, value); });
}

}  // namespace

void fillBlock(Field& field, double value, Team& team) {
  switch (field.desc().dtype) {
    case DType::f64:
      return fillRows<double>(field, value, team);
    case DType::f32:
      return fillRows<float>(field, static_cast<float>(value), team);
    case DType::i64:  // whoever fills has seen to it that the value fits
      return fillRows<int64_t>(field, static_cast<int64_t>(value), team);
    case DType::i32:
      return fillRows<int32_t>(field, static_cast<int32_t>(value), team);
    case DType::boolean:
      return fillRows<uint8_t>(field, value != 0 ? 1 : 0, team);
  }
}

void writeBlock(Field& field, const std::byte* from, Team& team) {
  const auto size = static_cast<int64_t>(sizeOf(field.desc().dtype));
  forRows(field, team, [from, size](std::byte* row, int64_t index, int64_t length) {
    std::memcpy(row, from + index * length * size, static_cast<size_t>(length * size));
  });
}

void readBlock(const Field& field, std::byte* to) {
  const Rows rows(field.desc().extent);
  const auto size = static_cast<int64_t>(sizeOf(field.desc().dtype));
  rows.forShare(0, 1, [&](const Index& at, int64_t row) {
    std::memcpy(to + row * rows.length() * size, field.origin() + Rows::offset(at, field.strides()) * size,
                static_cast<size_t>(rows.length() * size));
  });
}

}  // namespace quadrille
