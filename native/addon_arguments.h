// JavaScript values to C++ ones. Each throws UsageError naming the argument where the type is wrong.
#pragma once

#include <napi.h>

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "error.h"
#include "executor/plan.h"

namespace quadrille {

inline void expect(bool holds, std::string_view name, std::string_view what) {
  if (!holds) throw UsageError(std::string(name) + " is not " + std::string(what));
}

inline int64_t asInteger(const Napi::Value& value, std::string_view name) {
  expect(value.IsNumber(), name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  expect(std::trunc(number) == number && std::fabs(number) <= 9007199254740992.0, name, "an integer");
  return static_cast<int64_t>(number);
}

inline int32_t asId(const Napi::Value& value, std::string_view name) {
  const int64_t number = asInteger(value, name);
  expect(number >= 0 && number <= INT32_MAX, name, "an id");
  return static_cast<int32_t>(number);
}

inline double asDouble(const Napi::Value& value, std::string_view name) {
  expect(value.IsNumber(), name, "a number");
  return value.As<Napi::Number>().DoubleValue();
}

inline bool asBoolean(const Napi::Value& value, std::string_view name) {
  expect(value.IsBoolean(), name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

inline std::string asString(const Napi::Value& value, std::string_view name) {
  expect(value.IsString(), name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

// Numbers of elements or positions: whole and not negative.
inline Index asSizes(const Napi::Value& value, std::string_view name) {
  expect(value.IsArray(), name, "an array");
  const auto array = value.As<Napi::Array>();
  Index sizes;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    sizes.push_back(asInteger(array.Get(i), name));
    expect(sizes.back() >= 0, name, "a list of sizes");
  }
  expect(!sizes.empty(), name, "a list of at least one size");
  return sizes;
}

inline std::span<std::byte> asBytes(const Napi::Value& value, std::string_view name) {
  expect(value.IsTypedArray(), name, "a typed array");
  const auto array = value.As<Napi::TypedArray>();
  auto* data = static_cast<std::byte*>(array.ArrayBuffer().Data());
  return {data + array.ByteOffset(), array.ByteLength()};
}

// The elements of a typed array that a dtype has: Float64Array, Float32Array, BigInt64Array, Int32Array or Uint8Array.
struct Numbers {
  DType dtype;
  std::byte* data;
  int64_t length;
};

inline Numbers asNumbers(const Napi::Value& value, std::string_view name) {
  constexpr std::string_view expected = "a Float64Array, Float32Array, BigInt64Array, Int32Array or Uint8Array";
  expect(value.IsTypedArray(), name, expected);
  const auto array = value.As<Napi::TypedArray>();
  const auto dtype = [&]() -> std::optional<DType> {
    switch (array.TypedArrayType()) {
      case napi_float64_array:
        return DType::f64;
      case napi_float32_array:
        return DType::f32;
      case napi_bigint64_array:
        return DType::i64;
      case napi_int32_array:
        return DType::i32;
      case napi_uint8_array:
        return DType::boolean;
      default:
        return std::nullopt;
    }
  }();
  expect(dtype.has_value(), name, expected);
  return {*dtype, asBytes(value, name).data(), static_cast<int64_t>(array.ElementLength())};
}

}  // namespace quadrille
