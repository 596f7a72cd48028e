// See executor.h.
#include "executor/executor.h"

#include <algorithm>
#include <chrono>
#include <span>

#include "clock.h"
#include "error.h"
#include "memory/block.h"
#include "reduce/result.h"

namespace quadrille {

namespace {

// How long a thread waits for the executor to rest before it does something else: in one piece, and awake.
constexpr int64_t kPatienceNs = 1'000'000;
constexpr int64_t kSpinNs = 50'000;

// Progress bars look about as often.
constexpr int64_t kPublishNs = 20'000'000;

}  // namespace

Executor::Executor(Engine& engine, Comm& comm, int threads, bool oversubscribed, Places places, Answer answer)
    : engine_(engine),
      comm_(comm),
      answer_(std::move(answer)),
      spins_(!oversubscribed && std::thread::hardware_concurrency() > 1),
      team_(threads, oversubscribed, places) {
  thread_ = std::thread([this, places = std::move(places)] {
    if (!places.empty()) stayOn(places[0]);  // member 0 of the team
    work();
  });
}

Executor::~Executor() { shutdown(false); }

std::exception_ptr Executor::shutdown(bool finish) {
  if (!thread_.joinable()) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    if (!finish) abandon_ = true;
  }
  wake_.notify_one();
  thread_.join();
  return std::exchange(error_, nullptr);
}

void Executor::post(Command command, bool soon) {
  queuedUnits_ += unitsOf(command);
  const bool quiet = canWait(command), waits = soon || quiet;
  bool wake;
  {
    const std::lock_guard lock(mutex_);
    if (joins(command)) return;
    ++posted_;
    if (!quiet) loud_ = posted_;
    queue_.push_back(std::move(command));
    wake = asleep_ && !waits;
    if (wake) asleep_ = false;
  }
  if (wake) wake_.notify_one();
}

void Executor::wakeUp() const {
  {
    const std::lock_guard lock(mutex_);
    if (!asleep_ || queue_.empty()) return;
    asleep_ = false;
  }
  wake_.notify_one();
}

// A Stencil's steps come in batches: time tiles must not end where batches do. On several ranks they must end alike,
// and how far the executor has come is not alike.
bool Executor::joins(const Command& command) {
  const auto* more = std::get_if<RunLoop>(&command);
  if (!more || queue_.empty() || comm_.size() > 1) return false;
  auto* last = std::get_if<RunLoop>(&queue_.back());
  if (!last || last->id != more->id || last->params != more->params) return false;
  if (placesAfter(*last->plan->loop, last->count, last->ids) != more->ids) return false;
  last->count += more->count;
  return true;
}

// Bytes that a thread sweeps in about the time it takes to wake another one and to be woken by it; on one thread, which
// has nothing else to do meanwhile, in as long as it would wait.
constexpr int64_t kLittleBytes = int64_t{128} << 10;
constexpr int64_t kLittleBytesAlone = int64_t{4} << 20;

bool Executor::isLittle(const Command& command, int64_t& bytes) const {
  if (std::holds_alternative<AddField>(command)) return true;
  if (const auto* drop = std::get_if<DropField>(&command)) return drop->small;
  const auto* run = std::get_if<RunUnits>(&command);
  if (!run) return false;
  for (size_t at = 0; at < run->units.size();) {
    const bool marches = run->units[at] < 0;
    const auto found = plans_.find(marches ? -1 - run->units[at] : run->units[at]);
    if (found == plans_.end() || !found->second->resolved()) return false;
    const Plan& plan = found->second->plan();
    at += 1 + static_cast<size_t>(plan.bound) + plan.ints.size();
    if (marches) at += plan.ints.size() + 1;
    bytes += (marches ? run->units[at - 1] : 1) * found->second->bytes();
  }
  return true;
}

// Both threads and everything they share are at rest but for this one: the executor has given `mutex_` back, and only
// this thread wakes it.
bool Executor::runHere() {
  if (comm_.size() > 1) return false;  // the network is the executor's
  std::vector<Command> batch;
  {
    const std::lock_guard lock(mutex_);
    if (!asleep_ || queue_.empty()) return false;
    int64_t bytes = 0;
    if (!std::ranges::all_of(queue_, [&](const Command& command) { return isLittle(command, bytes); })) return false;
    if (bytes > (team_.size() == 1 ? kLittleBytesAlone : kLittleBytes)) return false;
    std::swap(batch, queue_);
  }
  const int64_t begin = nowNs();
  for (Command& command : batch) execute(command);
  hereNs_ += nowNs() - begin;
  return true;
}

void Executor::settle() const {
  wakeUp();
  while (!resting()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// Who posts waits for a number: a round through the event loop takes longer than a small grid's whole step. On one core
// the thread must sleep for the executor to run; on several, sleeping and waking take longer than most such steps.
bool Executor::restsSoon() {
  if (!runHere()) wakeUp();
  const int64_t begin = nowNs();
  const auto waited = [begin] { return nowNs() - begin; };
  if (spins_) {
    while (!resting() && waited() < kSpinNs) std::this_thread::yield();
  }
  if (!resting()) {
    std::unique_lock lock(mutex_);
    awaited_ = true;
    rested_.wait_for(lock, std::chrono::nanoseconds(kPatienceNs), [this] { return resting(); });
    awaited_ = false;
  }
  return resting() && !failed_.load(std::memory_order_acquire);
}

void Executor::finished() {
  done_.fetch_add(1);
  if (!awaited_) return;
  const std::lock_guard lock(mutex_);  // who waits is between its look at done_ and its sleep, or asleep
  rested_.notify_one();
}

void Executor::fail() {
  if (!error_) error_ = std::current_exception();
  failed_.store(true, std::memory_order_release);
}

const Field* Executor::field(int32_t id) const {
  const auto at = fields_.find(id);
  return at == fields_.end() || !at->second->origin() ? nullptr : at->second.get();
}

ExecutorStats Executor::stats() const {
  const std::lock_guard lock(statsMutex_);
  return published_;
}

void Executor::publish() {
  const std::lock_guard lock(statsMutex_);
  published_ = {stats_, static_cast<double>(idleNs_) * 1e-9, comm_.bytesSent(), comm_.messagesSent(),
                comm_.bytesShared()};
}

void Executor::work() {
  std::vector<Command> batch;
  for (;;) {
    batch.clear();
    {
      std::unique_lock lock(mutex_);
      if (queue_.empty() && !stop_) {
        const int64_t begin = nowNs();
        const int64_t here = hereNs_;
        asleep_ = true;
        wake_.wait(lock, [this] { return stop_ || !asleep_; });
        asleep_ = false;
        idleNs_ += nowNs() - begin - (hereNs_ - here);
      }
      if (queue_.empty() || abandon_) break;
      std::swap(batch, queue_);
    }
    for (Command& command : batch) {
      if (abandon_) break;
      execute(command);
    }
  }
  // On this thread, since it owns the network.
  batch.clear();
  plans_.clear();
  fields_.clear();
  publish();
}

// An error is kept for the next sync; until then what would compute on with spoiled data is left out.
void Executor::execute(Command& command) {
  try {
    std::visit([this](auto& each) { handle(each); }, command);
  } catch (...) {
    fail();
  }
  queuedUnits_ -= unitsOf(command);  // what was left out
  if (!std::holds_alternative<Sync>(command)) finished();
}

Field& Executor::present(int32_t id) {
  Field& field = *fields_.at(id);
  const Index none(field.desc().shape.size(), 0);
  field.ensure(none, none, -1, team_);
  return field;
}

void Executor::handle(AddField& command) { fields_.emplace(command.id, std::move(command.field)); }

void Executor::handle(DropField& command) {
  const auto at = fields_.find(command.id);
  for (const auto& [id, runner] : plans_) runner->forget(at->second->id());
  fields_.erase(at);
}

void Executor::handle(FillField& command) {
  if (error_) return;
  Field& field = present(command.id);
  fillBlock(field, command.value, team_);
  field.touch();
}

void Executor::handle(WriteField& command) {
  if (error_) return;
  Field& field = present(command.id);
  writeBlock(field, command.data, team_);
  field.touch();
  command.keep.reset();  // now, not with the batch: it may be as large as the field
}

void Executor::handle(AddPlan& command) {
  plans_.emplace(command.id, std::make_unique<PlanRunner>(std::move(command.plan),
                                                          Surroundings{engine_, team_, comm_, temporaries_},
                                                          std::move(command.tally)));
}

void Executor::handle(DropPlan& command) { plans_.erase(command.id); }

void Executor::handle(DropKernel& command) { engine_.drop(command.key); }

void Executor::handle(RunUnits& command) {
  if (error_) return;
  const double* params = command.params.data();
  const std::span<const int32_t> units = command.units;
  for (size_t at = 0; at < units.size();) {
    if (abandon_) return;
    const bool marches = units[at] < 0;
    const auto found = plans_.find(marches ? -1 - units[at] : units[at]);
    if (found == plans_.end()) throw UsageError("this plan was refused before");
    PlanRunner& runner = *found->second;
    const Plan& plan = runner.plan();
    const auto next = [&units, &at](size_t count) {
      at += count;
      return units.subspan(at - count, count);
    };
    ++at;
    const auto ids = next(static_cast<size_t>(plan.bound)), ints = next(plan.ints.size());
    bound_.clear();
    for (const int32_t id : ids) bound_.push_back(fields_.at(id).get());
    int64_t runs = 1;
    try {
      if (marches) {
        const auto by = next(plan.ints.size());
        runs = units[at++];
        march(runner, ids, ints, by, runs, params);
      } else {
        runner.run(bound_, params, ints, idOf(plan, ids, ints, params), stats_);
      }
    } catch (Error& problem) {
      problem.label = plan.label;
      throw;
    }
    params += plan.params;
    queuedUnits_ -= runs;
    command.count -= runs;
  }
}

RunId Executor::idOf(const Plan& plan, std::span<const int32_t> ids, std::span<const int32_t> ints,
                     const double* params) {
  const std::span values(params, static_cast<size_t>(plan.params));
  return {sequence_++, comm_.size() > 1 ? hashOf(ids, ints, values) : 0};
}

void Executor::march(PlanRunner& runner, std::span<const int32_t> ids, std::span<const int32_t> ints,
                     std::span<const int32_t> by, int64_t count, const double* params) {
  if (runner.marches()) {
    runner.march(bound_, params, ints, by, count, stats_);
    sequence_ += static_cast<uint64_t>(count);  // other ranks may take them one by one
    return;
  }
  std::vector<int32_t> now(ints.begin(), ints.end());
  for (int64_t run = 0; run < count && !abandon_; ++run) {
    runner.run(bound_, params, now, idOf(runner.plan(), ids, now, params), stats_);
    for (size_t k = 0; k < now.size(); ++k) now[k] += by[k];
  }
}

Loop Executor::loopOf(const RunLoop& command) {
  const auto found = plans_.find(command.id);
  if (found == plans_.end()) throw UsageError("this plan was refused before");
  bound_.clear();
  for (const int32_t id : command.ids) bound_.push_back(fields_.at(id).get());
  return Loop(*found->second, bound_, command.params.data());
}

void Executor::advance(Loop& loop, RunLoop& command, int64_t count) {
  const uint64_t hash = comm_.size() > 1 ? hashOf(command.ids, {}, command.params) : 0;
  while (count > 0 && !abandon_) {
    const int64_t steps = loop.advance(count, {sequence_, hash + loop.phase()}, stats_);
    sequence_ += static_cast<uint64_t>(steps);
    queuedUnits_ -= steps;
    command.count -= steps;
    count -= steps;
    publishNowAndThen();
  }
}

void Executor::handle(RunLoop& command) {
  if (error_) return;
  try {
    Loop loop = loopOf(command);
    advance(loop, command, command.count);
  } catch (Error& problem) {
    problem.label = command.plan->label;
    throw;
  }
}

void Executor::handle(RunUntil& command) {
  if (error_) return;
  RunLoop& steps = command.loop;
  const int64_t most = steps.count;
  try {
    Loop loop = loopOf(steps), check = loopOf(command.check);
    loop.prepare();  // again: halos that the check needs have moved fields
    bool holds = false;
    while (steps.count > 0 && !holds && !abandon_) {
      const int64_t count = std::min(command.every, steps.count);
      advance(loop, steps, count);
      check.turnTo(most - steps.count - 1);
      const uint64_t hash = comm_.size() > 1 ? hashOf(command.check.ids, {}, command.check.params) : 0;
      check.advance(1, {sequence_++, hash + check.phase()}, stats_);
      const Field& condition = *fields_.at(command.condition);
      holds = isTrue(condition.desc().dtype, condition.origin());
    }
  } catch (Error& problem) {
    problem.label = steps.plan->label;
    throw;
  }
  *reinterpret_cast<double*>(fields_.at(command.stepsInto)->origin()) = static_cast<double>(most - steps.count);
}

void Executor::publishNowAndThen() {
  const int64_t now = nowNs();
  if (now - publishedNs_ < kPublishNs) return;
  publishedNs_ = now;
  publish();
}

void Executor::handle(Sync& command) {
  if (command.label && !error_) {
    try {
      comm_.barrier({.sequence = sequence_++, .label = *command.label});
    } catch (...) {
      fail();
    }
  }
  publish();
  failed_ = false;
  // Counted before the answer: who hears of it may read fields.
  finished();
  answer_(command.ticket, std::exchange(error_, nullptr));
}

}  // namespace quadrille
