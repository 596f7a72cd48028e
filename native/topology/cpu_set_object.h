// A CpuSet in, the object lib/native.ts calls CpuSet out; for both addons.
#pragma once

#include <napi.h>

#include <vector>

#include "topology/topology.h"

namespace quadrille {

inline Napi::Object toObject(Napi::Env env, const CpuSet& cpus) {
  const auto list = [env](const std::vector<int>& numbers) {
    auto array = Napi::Array::New(env, numbers.size());
    for (uint32_t i = 0; i < numbers.size(); ++i) array.Set(i, Napi::Number::New(env, numbers[i]));
    return array;
  };
  auto result = Napi::Object::New(env);
  result.Set("pus", list(cpus.pus));
  result.Set("cores", list(cpus.cores));
  result.Set("quota", Napi::Number::New(env, cpus.quota));
  return result;
}

}  // namespace quadrille
