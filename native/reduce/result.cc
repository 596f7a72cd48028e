// See result.h.
#include "reduce/result.h"

#include <cstring>

namespace quadrille {

namespace {

template <class T>
void write(std::byte* element, T value) {
  std::memcpy(element, &value, sizeof value);
}

template <class T>
void storeAs(T value, DType type, std::byte* element) {
  switch (type) {
    case DType::f64:
      return write(element, static_cast<double>(value));
    case DType::f32:
      return write(element, static_cast<float>(value));
    case DType::i64:
      return write(element, static_cast<int64_t>(value));
    case DType::i32:
      return write(element, static_cast<int32_t>(value));
    case DType::boolean:
      return write(element, static_cast<uint8_t>(value != 0));
  }
}

template <class T>
bool isNotZero(const std::byte* element) {
  T value;
  std::memcpy(&value, element, sizeof value);
  return value != 0;
}

}  // namespace

bool isTrue(DType type, const std::byte* element) {
  switch (type) {
    case DType::f64:
      return isNotZero<double>(element);
    case DType::f32:
      return isNotZero<float>(element);
    case DType::i64:
      return isNotZero<int64_t>(element);
    case DType::i32:
      return isNotZero<int32_t>(element);
    case DType::boolean:
      return isNotZero<uint8_t>(element);
  }
  return false;
}

void store(const Result& result, DType type, std::byte* element) {
  std::visit([&](auto value) { storeAs(value, type, element); }, result);
}

}  // namespace quadrille
