// What the addon keeps per JavaScript environment, and how C++ errors become JavaScript ones.
#pragma once

#include <napi.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "comm/comm.h"
#include "engine/engine.h"
#include "engine/maths.h"
#include "error.h"
#include "executor/executor.h"

namespace quadrille {

// JavaScript objects whose memory native work uses. They are let go by any thread, and released on JavaScript's.
class Kept {
 public:
  // Keeps `object` alive until the last copy of what is returned is gone and sweep() has been called.
  static std::shared_ptr<void> hold(const std::shared_ptr<Kept>& all, Napi::Object object);
  // On the JavaScript thread.
  void sweep();
  // The environment ends: whatever is let go later is the operating system's.
  void close();

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Napi::ObjectReference>> released_;
  bool closed_ = false;
};

class AddonState {
 public:
  explicit AddonState(Napi::Env env) : env_(env) {}
  ~AddonState();
  static AddonState& of(const Napi::CallbackInfo& info) { return *info.Env().GetInstanceData<AddonState>(); }

  void start(Napi::Object options);
  void shutdown();
  // The process ends with an error: exit() will destroy LLVM's tables, and nobody may compile by then.
  void abandon();
  // Promise of the next sync; a label makes it a barrier.
  Napi::Value sync(Napi::Env env, std::optional<std::string> label);

  bool started() const { return executor_ != nullptr; }
  Engine& engine();  // throw UsageError before start() and after shutdown()
  Executor& executor();
  // The field's description; throws UsageError for ids that do not exist (any more).
  const FieldDesc& field(int32_t id) const;
  const Plan& plan(int32_t id) const;

  std::unordered_map<int32_t, FieldDesc> fields;
  std::unordered_map<int32_t, std::shared_ptr<const Plan>> plans;
  std::unordered_map<int32_t, std::shared_ptr<const PlanTally>> tallies;  // of the same
  // Of all kernels; start() may choose another.
  MathsKind maths = bestMathsKind();
  int32_t nextField = 0, nextHostField = kFirstHostField, nextPlan = 0;
  const std::shared_ptr<Kept> kept = std::make_shared<Kept>();

 private:
  void answer(Napi::Env env, uint64_t ticket, const std::exception_ptr& error);
  void endOfEnvironment();

  Napi::Env env_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Comm> ownComm_;
  Comm* comm_ = nullptr;  // ownComm_ or quadrille_mpi.node's
  std::unique_ptr<Executor> executor_;
  std::optional<Napi::ThreadSafeFunction> answers_;
  std::unordered_map<uint64_t, Napi::Promise::Deferred> pending_;
  uint64_t nextTicket_ = 0;
};

// With `.code`, and what else is known as properties.
Napi::Error toJavaScript(Napi::Env env, const std::exception_ptr& error);

// A method of the addon: C++ errors leave it as JavaScript ones.
template <Napi::Value (*body)(AddonState&, const Napi::CallbackInfo&)>
Napi::Value method(const Napi::CallbackInfo& info) {
  try {
    return body(AddonState::of(info), info);
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw toJavaScript(info.Env(), std::current_exception());
  }
}

void defineFieldMethods(Napi::Env env, Napi::Object exports);
void definePlanMethods(Napi::Env env, Napi::Object exports);

}  // namespace quadrille
