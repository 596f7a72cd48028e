// The executor: a queue of commands in, run in order by a thread of its own, which also owns the network and the
// thread team. Nobody who posts ever waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "comm/comm.h"
#include "engine/engine.h"
#include "executor/command.h"
#include "executor/loop.h"
#include "executor/runner.h"
#include "memory/field.h"

namespace quadrille {

struct ExecutorStats {
  RunStats run;
  double idleSeconds;
  uint64_t bytesSent, messagesSent, bytesShared;
};

class Executor {
 public:
  // Called on the executor thread: the ticket's sync is done, with the first error since the last one, or null.
  using Answer = std::function<void(uint64_t ticket, std::exception_ptr error)>;

  // Throws Error BAD_OPTION where the threads cannot be had.
  Executor(Engine& engine, Comm& comm, int threads, bool oversubscribed, Places places, Answer answer);
  // `finish`: runs what is queued first; else stops after the unit at hand. Returns the error no sync has reported.
  std::exception_ptr shutdown(bool finish);
  ~Executor();

  // `soon`: restsSoon() is asked next, and sees to it that the command is run.
  void post(Command command, bool soon = false);
  // Units posted and not yet run.
  int64_t queued() const { return queuedUnits_.load(std::memory_order_acquire); }
  // Nothing is queued or running: fields may be read by the caller until it posts again.
  bool resting() const { return done_.load() == posted_; }
  // Is nothing left but what nobody waits for (memory to be given back, say)? Then settle() takes no time.
  bool idle() const { return done_.load() >= loud_; }
  // Waits until resting().
  void settle() const;
  // Waits for that, but not for long: is it so now, and has nothing failed since the last sync?
  bool restsSoon();
  // While resting() only. Null if its memory was never taken: then it is all zeros.
  const Field* field(int32_t id) const;
  ExecutorStats stats() const;

 private:
  void work();
  void execute(Command& command);
  void handle(AddField& command);
  void handle(DropField& command);
  void handle(FillField& command);
  void handle(WriteField& command);
  void handle(AddPlan& command);
  void handle(DropPlan& command);
  void handle(DropKernel& command);
  void handle(RunUnits& command);
  void handle(RunLoop& command);
  // By what other ranks know the next run.
  RunId idOf(const Plan& plan, std::span<const int32_t> ids, std::span<const int32_t> ints, const double* params);
  void march(PlanRunner& runner, std::span<const int32_t> ids, std::span<const int32_t> ints,
             std::span<const int32_t> by, int64_t count, const double* params);
  void handle(RunUntil& command);
  Loop loopOf(const RunLoop& command);
  // Runs `count` steps, which the command then has less.
  void advance(Loop& loop, RunLoop& command, int64_t count);
  void handle(Sync& command);
  bool joins(const Command& command);  // the loop queued last goes on as this one: then it has become longer
  void publishNowAndThen();
  Field& present(int32_t id);
  void publish();
  void wakeUp() const;  // if something is queued
  bool runHere();       // what is queued, on the calling thread, if that is little and the executor sleeps
  bool isLittle(const Command& command, int64_t& bytes) const;
  void fail();  // with the exception at hand
  // Counts a command as done; wakes who waits for the last.
  void finished();

  Engine& engine_;
  Comm& comm_;
  const Answer answer_;
  const bool spins_;  // waiting threads stay awake for a while: there are other cores

  // Shared.
  mutable std::mutex mutex_;
  mutable std::condition_variable wake_;
  mutable bool asleep_ = false;  // the executor waits for `wake_`, and nobody has woken it
  std::vector<Command> queue_;
  bool stop_ = false;
  std::atomic<bool> abandon_{false};
  std::atomic<int64_t> queuedUnits_{0};
  std::atomic<uint64_t> done_{0};
  std::atomic<bool> failed_{false};   // there is an error that no sync has reported
  std::atomic<bool> awaited_{false};  // somebody waits for `rested_`
  std::condition_variable rested_;
  uint64_t posted_ = 0;  // of the posting thread only, as the next
  uint64_t loud_ = 0;    // the last one posted that is more than that
  int64_t hereNs_ = 0;   // spent in runHere()
  mutable std::mutex statsMutex_;
  ExecutorStats published_{};

  // Of the executor thread only; while it sleeps, of runHere().
  Team team_;
  Temporaries temporaries_;
  std::unordered_map<int32_t, std::shared_ptr<Field>> fields_;
  std::unordered_map<int32_t, std::unique_ptr<PlanRunner>> plans_;
  std::vector<Field*> bound_;
  int64_t publishedNs_ = 0;
  RunStats stats_;
  int64_t idleNs_ = 0;
  uint64_t sequence_ = 0;  // units and collectives begun: the same on every rank
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace quadrille
