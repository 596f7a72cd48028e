// JavaScript values to C++ ones. Each throws UsageError naming the argument where the type is wrong.
#pragma once

#include <napi.h>

#include <cmath>
#include <cstddef>
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

// A Float64Array or Float32Array.
struct Numbers {
  DType dtype;
  std::byte* data;
  int64_t length;
};

inline Numbers asNumbers(const Napi::Value& value, std::string_view name) {
  expect(value.IsTypedArray(), name, "a Float64Array or Float32Array");
  const auto array = value.As<Napi::TypedArray>();
  const auto type = array.TypedArrayType();
  expect(type == napi_float64_array || type == napi_float32_array, name, "a Float64Array or Float32Array");
  return {type == napi_float64_array ? DType::f64 : DType::f32, asBytes(value, name).data(),
          static_cast<int64_t>(array.ElementLength())};
}

}  // namespace quadrille
