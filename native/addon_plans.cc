// Methods of the addon that compile kernels, load Plans and queue their runs.
#include "addon_arguments.h"
#include "addon_state.h"
#include "engine/codegen.h"

namespace quadrille {

namespace {

Napi::Value hasKernel(AddonState& state, const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), state.engine().has(asString(info[0], "key")));
}

Napi::Value compile(AddonState& state, const Napi::CallbackInfo& info) {
  const std::span<std::byte> bitcode = asBytes(info[2], "bitcode");
  state.engine().compile(asString(info[0], "key"), asString(info[1], "symbol"), {bitcode.begin(), bitcode.end()},
                         asBoolean(info[3], "contract"));
  return info.Env().Undefined();
}

Napi::Value optimizedIR(AddonState& state, const Napi::CallbackInfo& info) {
  CodeGenerator generator(state.maths);
  const std::span<std::byte> bitcode = asBytes(info[0], "bitcode");
  return Napi::String::New(info.Env(), generator.optimizedIR(bitcode, asBoolean(info[1], "contract")));
}

// One element after the other: the other way to compute what kernels compute in vectors.
Napi::Value maths(AddonState& state, const Napi::CallbackInfo& info) {
  const std::string name = asString(info[0], "name");
  const MathsFunction* function = findMaths(state.maths, name);
  expect(function != nullptr, "name", "a mathematical function: q_exp_f64");
  const auto numbers = [&](size_t i) {
    const Numbers given = asNumbers(info[i], "operand");
    expect((given.dtype == DType::f32) == function->single, "operand", "of the function's type");
    return given;
  };
  const Numbers a = numbers(1);
  const Numbers b = function->arguments == 2 ? numbers(2) : a;
  expect(a.length == b.length, "operands", "of one length");
  const auto apply = [&]<class T>(T* result) {
    const auto *x = reinterpret_cast<const T*>(a.data), *y = reinterpret_cast<const T*>(b.data);
    for (int64_t i = 0; i < a.length; ++i) result[i] = static_cast<T>(callMaths(*function, x[i], y[i]));
  };
  if (function->single) {
    auto result = Napi::Float32Array::New(info.Env(), static_cast<size_t>(a.length));
    apply(result.Data());
    return result;
  }
  auto result = Napi::Float64Array::New(info.Env(), static_cast<size_t>(a.length));
  apply(result.Data());
  return result;
}

// Queued: runs submitted before still use it.
Napi::Value dropKernel(AddonState& state, const Napi::CallbackInfo& info) {
  state.executor().post(DropKernel{asString(info[0], "key")});
  return info.Env().Undefined();
}

Napi::Value loadPlan(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  auto plan = std::make_shared<const Plan>(parsePlan(asString(info[0], "json")));
  const int32_t id = state.nextPlan++;
  auto tally = std::make_shared<PlanTally>();
  state.plans.emplace(id, plan);
  state.tallies.emplace(id, tally);
  executor.post(AddPlan{id, std::move(plan), std::move(tally)});
  return Napi::Number::New(info.Env(), id);
}

Napi::Value dropPlan(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  state.plan(id);
  state.executor().post(DropPlan{id});
  state.plans.erase(id);
  state.tallies.erase(id);
  return info.Env().Undefined();
}

Napi::Value planStats(AddonState& state, const Napi::CallbackInfo& info) {
  const int32_t id = asId(info[0], "id");
  state.plan(id);
  const PlanTally& tally = *state.tallies.at(id);
  auto result = Napi::Object::New(info.Env());
  const auto set = [&](const char* name, double value) { result.Set(name, Napi::Number::New(info.Env(), value)); };
  set("units", static_cast<double>(tally.units));
  set("computeSeconds", static_cast<double>(tally.computeNs) * 1e-9);
  set("bytesSwept", static_cast<double>(tally.bytesSwept));
  set("chosen", static_cast<double>(tally.chosen));
  return result;
}

Napi::Value submit(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  expect(info[0].IsTypedArray() && info[0].As<Napi::TypedArray>().TypedArrayType() == napi_int32_array, "units",
         "an Int32Array");
  const auto units = info[0].As<Napi::Int32Array>();
  const Numbers params = asNumbers(info[1], "params");
  expect(params.dtype == DType::f64, "params", "a Float64Array");

  const auto first = [&info](size_t at, const char* what, size_t all) {
    const int64_t count = info[at].IsUndefined() ? static_cast<int64_t>(all) : asInteger(info[at], what);
    expect(count >= 0 && count <= static_cast<int64_t>(all), what, "not more than there are");
    return count;
  };
  const int64_t words = first(2, "words", units.ElementLength());
  const int64_t numbers = first(3, "values", params.length);
  const auto* values = reinterpret_cast<const double*>(params.data);
  RunUnits run{{units.Data(), units.Data() + words}, {values, values + numbers}, 0};
  // All ids are checked here, where the stack still shows who is wrong.
  int64_t needed = 0;
  for (size_t at = 0; at < run.units.size();) {
    const bool marches = run.units[at] < 0;
    const Plan& plan = state.plan(marches ? -1 - run.units[at] : run.units[at]);
    ++at;
    expect(at + plan.bound <= run.units.size(), "units", "whole: fields are missing at its end");
    for (int s = 0; s < plan.bound; ++s) state.field(run.units[at++]);
    at += marches ? 2 * plan.ints.size() + 1 : plan.ints.size();
    expect(at <= run.units.size(), "units", "whole: integers are missing at its end");
    expect(!marches || (!plan.ints.empty() && run.units[at - 1] > 0), "units", "marches of plans with integers");
    run.count += marches ? run.units[at - 1] : 1;
    needed += plan.params;
  }
  expect(needed == numbers, "params", "as long as its units need");
  const bool soon = !info[4].IsUndefined() && asBoolean(info[4], "soon");
  if (run.count > 0) executor.post(std::move(run), soon);
  return info.Env().Undefined();
}

// Plan, fields of its places, parameters, from argument `at` on.
RunLoop readLoop(AddonState& state, const Napi::CallbackInfo& info, size_t at, int64_t count) {
  const int32_t id = asId(info[at], "plan");
  const Plan& plan = state.plan(id);
  expect(plan.loop.has_value(), "plan", "made for loops");
  expect(info[at + 1].IsTypedArray() && info[at + 1].As<Napi::TypedArray>().TypedArrayType() == napi_int32_array,
         "fields", "an Int32Array");
  const auto fields = info[at + 1].As<Napi::Int32Array>();
  expect(fields.ElementLength() == plan.loop->next.size(), "fields", "one per place of the loop");
  for (size_t p = 0; p < fields.ElementLength(); ++p) state.field(fields[p]);
  const Numbers params = asNumbers(info[at + 2], "params");
  expect(params.dtype == DType::f64 && params.length == plan.params, "params", "a Float64Array of the plan's length");
  const auto* values = reinterpret_cast<const double*>(params.data);
  expect(count > 0, "count", "positive");
  return {id,
          state.plans.at(id),
          {fields.Data(), fields.Data() + fields.ElementLength()},
          {values, values + params.length},
          count};
}

Napi::Value loop(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  executor.post(readLoop(state, info, 0, asInteger(info[3], "count")));
  return info.Env().Undefined();
}

Napi::Value until(AddonState& state, const Napi::CallbackInfo& info) {
  Executor& executor = state.executor();
  RunUntil run{readLoop(state, info, 0, asInteger(info[3], "most")), readLoop(state, info, 4, 1),
               asId(info[7], "condition"), asId(info[8], "stepsInto"), asInteger(info[9], "every")};
  state.field(run.condition);
  expect(state.field(run.stepsInto).dtype == DType::f64, "stepsInto", "a field of f64");
  expect(run.every > 0, "every", "positive");
  executor.post(std::move(run));
  return info.Env().Undefined();
}

Napi::Value queued(AddonState& state, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(state.executor().queued()));
}

Napi::Value sync(AddonState& state, const Napi::CallbackInfo& info) { return state.sync(info.Env(), std::nullopt); }

Napi::Value barrier(AddonState& state, const Napi::CallbackInfo& info) {
  return state.sync(info.Env(), asString(info[0], "label"));
}

}  // namespace

void definePlanMethods(Napi::Env env, Napi::Object exports) {
  exports.Set("hasKernel", Napi::Function::New<method<hasKernel>>(env, "hasKernel"));
  exports.Set("compile", Napi::Function::New<method<compile>>(env, "compile"));
  exports.Set("optimizedIR", Napi::Function::New<method<optimizedIR>>(env, "optimizedIR"));
  exports.Set("maths", Napi::Function::New<method<maths>>(env, "maths"));
  exports.Set("dropKernel", Napi::Function::New<method<dropKernel>>(env, "dropKernel"));
  exports.Set("loadPlan", Napi::Function::New<method<loadPlan>>(env, "loadPlan"));
  exports.Set("dropPlan", Napi::Function::New<method<dropPlan>>(env, "dropPlan"));
  exports.Set("planStats", Napi::Function::New<method<planStats>>(env, "planStats"));
  exports.Set("submit", Napi::Function::New<method<submit>>(env, "submit"));
  exports.Set("loop", Napi::Function::New<method<loop>>(env, "loop"));
  exports.Set("until", Napi::Function::New<method<until>>(env, "until"));
  exports.Set("queued", Napi::Function::New<method<queued>>(env, "queued"));
  exports.Set("sync", Napi::Function::New<method<sync>>(env, "sync"));
  exports.Set("barrier", Napi::Function::New<method<barrier>>(env, "barrier"));
}

}  // namespace quadrille
