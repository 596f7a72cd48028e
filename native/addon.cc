// quadrille.node: the NativeEngine of lib/native.ts. What concerns the process stands here, fields and plans beside it.
#include <napi.h>

#include "addon_arguments.h"
#include "addon_state.h"
#include "engine/target.h"
#include "memory/bandwidth.h"
#include "memory/budget.h"
#include "topology/cpu_set_object.h"
#include "topology/topology.h"

namespace quadrille {

namespace {

Napi::Value info(AddonState&, const Napi::CallbackInfo& call) {
  auto result = Napi::Object::New(call.Env());
  result.Set("llvm", llvmVersion());
  result.Set("cpu", hostCpu().name);
  result.Set("features", hostCpu().features);
  return result;
}

Napi::Value topology(AddonState&, const Napi::CallbackInfo& call) {
  const Topology found = readTopology();
  auto result = Napi::Object::New(call.Env());
  result.Set("cores", Napi::Number::New(call.Env(), found.cores));
  result.Set("l2Bytes", Napi::Number::New(call.Env(), static_cast<double>(found.l2Bytes)));
  result.Set("l3Bytes", Napi::Number::New(call.Env(), static_cast<double>(found.l3Bytes)));
  result.Set("cpus", toObject(call.Env(), found.cpus));
  return result;
}

Napi::Value start(AddonState& state, const Napi::CallbackInfo& call) {
  expect(call[0].IsObject(), "options", "an object");
  state.start(call[0].As<Napi::Object>());
  return call.Env().Undefined();
}

Napi::Value shutdown(AddonState& state, const Napi::CallbackInfo& call) {
  state.shutdown();
  return call.Env().Undefined();
}

Napi::Value abandon(AddonState& state, const Napi::CallbackInfo& call) {
  state.abandon();
  return call.Env().Undefined();
}

Napi::Value stats(AddonState& state, const Napi::CallbackInfo& call) {
  const ExecutorStats run = state.executor().stats();
  const EngineStats compile = state.engine().stats();
  auto result = Napi::Object::New(call.Env());
  const auto set = [&](const char* name, double value) { result.Set(name, Napi::Number::New(call.Env(), value)); };
  set("units", static_cast<double>(run.run.units));
  set("computeSeconds", static_cast<double>(run.run.computeNs) * 1e-9);
  set("exchangeSeconds", static_cast<double>(run.run.exchangeNs) * 1e-9);
  set("messageSeconds", static_cast<double>(run.run.underwayNs) * 1e-9);
  set("waitSeconds", static_cast<double>(run.run.waitedNs) * 1e-9);
  set("bytesHidden", static_cast<double>(run.run.bytesHidden));
  set("compileSeconds", compile.compileSeconds);
  set("idleSeconds", run.idleSeconds);
  set("bytesSent", static_cast<double>(run.bytesSent));
  set("messagesSent", static_cast<double>(run.messagesSent));
  set("bytesShared", static_cast<double>(run.bytesShared));
  set("bytesSwept", static_cast<double>(run.run.bytesSwept));
  set("kernelsCompiled", static_cast<double>(compile.compiled));
  set("kernelsFromDisk", static_cast<double>(compile.fromDisk));
  set("tuneMeasurements", static_cast<double>(run.run.tuneMeasurements));
  return result;
}

// Beside running work it would be wrong, and a nuisance.
Napi::Value bandwidth(AddonState& state, const Napi::CallbackInfo& call) {
  const int64_t threads = asInteger(call[0], "threads");
  expect(threads >= 1 && threads <= 4096, "threads", "between 1 and 4096");
  const bool idle = !state.started() || state.executor().idle();
  if (idle && state.started()) state.executor().settle();
  const double found = idle ? measureBandwidth(static_cast<int>(threads), memoryAvailable()) : 0;
  return Napi::Number::New(call.Env(), found);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(std::make_unique<AddonState>(env).release());
  exports.Set("info", Napi::Function::New<method<info>>(env, "info"));
  exports.Set("topology", Napi::Function::New<method<topology>>(env, "topology"));
  exports.Set("start", Napi::Function::New<method<start>>(env, "start"));
  exports.Set("shutdown", Napi::Function::New<method<shutdown>>(env, "shutdown"));
  exports.Set("abandon", Napi::Function::New<method<abandon>>(env, "abandon"));
  exports.Set("bandwidth", Napi::Function::New<method<bandwidth>>(env, "bandwidth"));
  exports.Set("stats", Napi::Function::New<method<stats>>(env, "stats"));
  defineFieldMethods(env, exports);
  definePlanMethods(env, exports);
  return exports;
}

}  // namespace

}  // namespace quadrille

static Napi::Object initAddon(Napi::Env env, Napi::Object exports) { return quadrille::init(env, exports); }

NODE_API_MODULE(quadrille, initAddon)
