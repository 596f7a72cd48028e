// See addon_state.h.
#include "addon_state.h"

#include <thread>
#include <utility>

#include "addon_arguments.h"
#include "memory/budget.h"

namespace quadrille {

std::shared_ptr<void> Kept::hold(const std::shared_ptr<Kept>& all, Napi::Object object) {
  auto reference = std::make_unique<Napi::ObjectReference>(Napi::Persistent(object));
  return {reference.release(), [all](void* pointer) {
            std::unique_ptr<Napi::ObjectReference> owned(static_cast<Napi::ObjectReference*>(pointer));
            const std::lock_guard lock(all->mutex_);
            if (all->closed_) {
              owned->SuppressDestruct();
            } else {
              all->released_.push_back(std::move(owned));
            }
          }};
}

void Kept::sweep() {
  std::vector<std::unique_ptr<Napi::ObjectReference>> released;
  const std::lock_guard lock(mutex_);
  released.swap(released_);
}

void Kept::close() {
  sweep();
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

AddonState::~AddonState() { endOfEnvironment(); }

void AddonState::start(Napi::Object options) {
  if (started()) throw UsageError("start() was called before");
  const int64_t threads = asInteger(options.Get("threads"), "threads");
  expect(threads >= 1 && threads <= 4096, "threads", "between 1 and 4096");
  std::optional<std::string> cacheDir;
  if (!options.Get("cacheDir").IsNull()) cacheDir = asString(options.Get("cacheDir"), "cacheDir");
  const Napi::Value comm = options.Get("comm");
  expect(comm.IsUndefined() || comm.IsExternal(), "comm", "what quadrille_mpi.node's comm() gives");
  const Napi::Value localRanks = options.Get("localRanks");
  const int ranks = localRanks.IsUndefined() ? 1 : asId(localRanks, "localRanks");
  const Napi::Value crowded = options.Get("oversubscribed");
  const bool oversubscribed = crowded.IsUndefined() ? threads > int64_t{std::thread::hardware_concurrency()}
                                                    : asBoolean(crowded, "oversubscribed");

  const Napi::Value fuse = options.Get("fusedMaths");
  maths = fuse.IsUndefined() ? bestMathsKind() : asBoolean(fuse, "fusedMaths") ? MathsKind::fused : MathsKind::unfused;
  expect(maths == MathsKind::unfused || bestMathsKind() == MathsKind::fused, "fusedMaths", "what this processor can");

  Places places;
  const Napi::Value given = options.Get("places");
  if (!given.IsUndefined()) {
    expect(given.IsArray(), "places", "an array of arrays of hardware threads");
    const auto list = given.As<Napi::Array>();
    for (uint32_t member = 0; member < list.Length(); ++member) {
      const Index pus = asSizes(list.Get(member), "places");
      places.emplace_back(pus.begin(), pus.end());
    }
    expect(places.size() == static_cast<size_t>(threads), "places", "one per thread");
  }

  shareMemoryAmong(ranks);
  engine_ = std::make_unique<Engine>(cacheDir, maths);
  if (comm.IsExternal()) {
    comm_ = comm.As<Napi::External<Comm>>().Data();
  } else {
    ownComm_ = makeSerialComm();
    comm_ = ownComm_.get();
  }
  if (!answers_) {
    const auto nothing = Napi::Function::New(env_, [](const Napi::CallbackInfo&) {});
    answers_ = Napi::ThreadSafeFunction::New(env_, nothing, "quadrille sync", 0, 1);
    answers_->Unref(env_);  // only pending promises keep the process alive
    // After the function's own hook, hence run before it: the executor must not answer into a closed environment.
    env_.AddCleanupHook([this] { endOfEnvironment(); });
  }
  executor_ = std::make_unique<Executor>(
      *engine_, *comm_, static_cast<int>(threads), oversubscribed, std::move(places),
      [this](uint64_t ticket, std::exception_ptr error) {
        answers_->NonBlockingCall(
            [this, ticket, error = std::move(error)](Napi::Env env, Napi::Function) { answer(env, ticket, error); });
      });
}

// Not shut down by JavaScript (a worker that was terminated, an exit without exit handlers): stop where we are.
void AddonState::endOfEnvironment() {
  kept->close();
  if (!executor_) return;
  if (!ownComm_) {
    // The network may be gone or waited for in vain: leave everything to the end of the process.
    static_cast<void>(executor_.release());
    static_cast<void>(engine_.release());
    return;
  }
  executor_.reset();
  engine_.reset();
}

void AddonState::shutdown() {
  if (!started()) return;
  const std::exception_ptr unreported = executor_->shutdown(true);
  executor_.reset();
  engine_.reset();
  ownComm_.reset();
  comm_ = nullptr;
  fields.clear();
  plans.clear();
  tallies.clear();
  kept->sweep();
  if (unreported) std::rethrow_exception(unreported);
}

void AddonState::abandon() {
  if (engine_) engine_->stop();
}

Napi::Value AddonState::sync(Napi::Env env, std::optional<std::string> label) {
  Executor& running = executor();
  const auto deferred = Napi::Promise::Deferred::New(env);
  const uint64_t ticket = nextTicket_++;
  if (pending_.empty()) answers_->Ref(env);
  pending_.emplace(ticket, deferred);
  running.post(Sync{ticket, std::move(label)});
  return deferred.Promise();
}

void AddonState::answer(Napi::Env env, uint64_t ticket, const std::exception_ptr& error) {
  kept->sweep();
  const auto at = pending_.find(ticket);
  const Napi::Promise::Deferred deferred = at->second;
  pending_.erase(at);
  if (pending_.empty()) answers_->Unref(env);
  if (error) {
    deferred.Reject(toJavaScript(env, error).Value());
  } else {
    deferred.Resolve(env.Undefined());
  }
}

Engine& AddonState::engine() {
  if (!engine_) throw UsageError("the engine is not running: start() first");
  return *engine_;
}

Executor& AddonState::executor() {
  if (!executor_) throw UsageError("the engine is not running: start() first");
  return *executor_;
}

const FieldDesc& AddonState::field(int32_t id) const {
  const auto at = fields.find(id);
  if (at == fields.end()) throw UsageError("there is no field " + std::to_string(id));
  return at->second;
}

const Plan& AddonState::plan(int32_t id) const {
  const auto at = plans.find(id);
  if (at == plans.end()) throw UsageError("there is no plan " + std::to_string(id));
  return *at->second;
}

Napi::Error toJavaScript(Napi::Env env, const std::exception_ptr& error) {
  const auto make = [env](const std::string& code, const std::string& message) {
    Napi::Error made = Napi::Error::New(env, message);
    made.Set("code", Napi::String::New(env, code));
    return made;
  };
  try {
    std::rethrow_exception(error);
  } catch (const OutOfMemory& problem) {
    Napi::Error made = make(problem.code, problem.what());
    made.Set("asked", Napi::Number::New(env, static_cast<double>(problem.asked)));
    made.Set("available", Napi::Number::New(env, static_cast<double>(problem.available)));
    if (!problem.label.empty()) made.Set("label", problem.label);
    return made;
  } catch (const Error& problem) {
    Napi::Error made = make(problem.code, problem.what());
    if (!problem.label.empty()) made.Set("label", problem.label);
    return made;
  } catch (const RankDiverged& problem) {
    return make("RANK_DIVERGED", problem.what());
  } catch (const std::invalid_argument& problem) {
    return make("ENGINE_BAD_PLAN", problem.what());
  } catch (const std::bad_alloc&) {
    return make("OUT_OF_MEMORY", "the native heap is exhausted");
  } catch (const std::exception& problem) {
    return make("ENGINE_INTERNAL", problem.what());
  } catch (...) {
    return make("ENGINE_INTERNAL", "an unknown native error");
  }
}

}  // namespace quadrille
