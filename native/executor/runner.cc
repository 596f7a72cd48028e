// See runner.h.
#include "executor/runner.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "clock.h"
#include "executor/march.h"

namespace quadrille {

namespace {

// Tells a wave's reduction from its exchange.
constexpr uint32_t kReducing = uint32_t{1} << 31;
// What ranks say of tuning is of no wave.
constexpr uint32_t kTuning = uint32_t{1} << 30;

uint64_t hexadecimal(std::string_view digits) {
  uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

std::vector<WavePlan> planWaves(const Plan& plan, const Surroundings& around) {
  std::vector<WavePlan> waves;
  waves.reserve(plan.waves.size());
  for (const Wave& wave : plan.waves) waves.emplace_back(wave, plan, around.comm, around.team.size());
  return waves;
}

}  // namespace

PlanRunner::PlanRunner(std::shared_ptr<const Plan> plan, Surroundings around, std::shared_ptr<PlanTally> tally)
    : plan_(std::move(plan)),
      around_(around),
      waves_(planWaves(*plan_, around)),
      kernels_(plan_->kernels.size()),
      functions_(plan_->kernels.size(), nullptr),
      streaming_(functions_),
      bindings_(*plan_, waves_, around.team, around.temporaries),
      tally_(std::move(tally)),
      moved_(plan_->ints.size()) {
  const std::string_view key = plan_->key;
  work_.keyHi = hexadecimal(key.substr(0, 16));
  work_.keyLo = key.size() > 16 ? hexadecimal(key.substr(16, 16)) : 0;
  work_.label = plan_->label;
  joins_.reserve(plan_->joins.size());
  for (const Join& join : plan_->joins) joins_.emplace_back(join.chain, *plan_, around_.comm, around_.team);
  if (!plan_->loop) return;
  if (plan_->loop->chain) chain_ = &*plan_->loop->chain;
  const std::vector<std::optional<Chain>>& trials = plan_->loop->trials;
  if (trials.empty()) return;
  std::vector<int> steps;
  for (const std::optional<Chain>& trial : trials) steps.push_back(trial ? trial->steps : 1);
  tuner_.emplace(std::move(steps), plan_->loop->remembered);
}

bool PlanRunner::resolved() const { return std::ranges::all_of(waves_, &WavePlan::resolved); }

int64_t PlanRunner::bytes() const {
  int64_t bytes = 0;
  for (const WavePlan& wave : waves_) bytes += wave.bytes;
  return bytes;
}

void PlanRunner::count(const RunStats& before, const RunStats& after) {
  // Nobody else writes.
  const auto add = [](std::atomic<int64_t>& number, int64_t by) {
    number.store(number.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  };
  add(tally_->units, after.units - before.units);
  add(tally_->bytesSwept, after.bytesSwept - before.bytesSwept);
  add(tally_->computeNs, after.computeNs - before.computeNs);
}

void PlanRunner::take(const Chain* chain) {
  if (chain == chain_) return;
  chain_ = chain;
  passes_.reset();
}

void PlanRunner::agree(std::span<double> values, const RunId& id) {
  if (around_.comm.size() == 1) return;
  const size_t count = std::max<size_t>(plan_->loop->trials.size(), 2);
  if (!agreement_) agreement_ = std::make_unique<AllReduce>(around_.comm, count);
  const TaskReduction greatest{ReduceFn::max, DType::f64, 0, 0, {}, {}, {}, {}};
  const Index nowhere;
  std::vector<AnyAccumulator> all(count, accumulatorOf(greatest));
  for (size_t i = 0; i < count; ++i) {
    double value = i < values.size() ? values[i] : 0;
    addElements(all[i], DType::f64, &value, 1, &value, {greatest, nowhere, nowhere, true});
  }
  work_.sequence = id.sequence;
  work_.run = id.hash;
  work_.wave = kTuning;
  agreement_->run(all, work_);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = std::get<double>(std::get<Accumulator<double>>(all[i]).result(DType::f64));
  }
}

const Chain* PlanRunner::chain(const RunId& id) {
  if (!tuner_) return chain_;
  if (!tuner_->begun()) {
    tuner_->begin([&](std::span<double> values) { agree(values, id); });
    if (tuner_->decided()) tally_->chosen = tuner_->current();
  }
  const std::optional<Chain>& trial = plan_->loop->trials[static_cast<size_t>(tuner_->current())];
  take(trial ? &*trial : nullptr);
  return chain_;
}

void PlanRunner::tune(int64_t steps, int64_t nanoseconds, const RunId& id, RunStats& stats) {
  const int64_t before = tuner_->measured();
  tuner_->note(steps, nanoseconds, [&](std::span<double> values) { agree(values, id); });
  stats.tuneMeasurements += tuner_->measured() - before;
  if (!tuner_->decided()) return;
  tally_->units = tally_->bytesSwept = tally_->computeNs = 0;
  tally_->chosen = tuner_->current();
}

void PlanRunner::forget(uint64_t field) {
  for (WavePlan& wave : waves_) {
    if (wave.exchange) wave.exchange->forget(field);
  }
  if (passes_) passes_->forget(field);
  for (ChainRunner& join : joins_) join.forget(field);
  // What this Plan never ran on leaves it as it is: fields come and go, and there are many Plans.
  if (!bindings_.forget(field)) return;
  if (passes_) passes_->clear();
  for (ChainRunner& join : joins_) join.clear();
  if (!bindings_.empty()) return;
  for (WavePlan& wave : waves_) {
    if (wave.exchange) wave.exchange->release();
  }
  if (passes_) passes_->release();
  for (ChainRunner& join : joins_) join.release();
}

void PlanRunner::resolve(WavePlan& wave) {
  for (const Task& task : wave.wave->tasks) {
    if (functions_[task.kernel]) continue;
    kernels_[task.kernel] = around_.engine.find(plan_->kernels[task.kernel].key);
    functions_[task.kernel] = kernels_[task.kernel]->wait();
    const KernelFn streaming = kernels_[task.kernel]->streaming();
    streaming_[task.kernel] = streaming ? streaming : functions_[task.kernel];
  }
  wave.resolved = true;
}

void PlanRunner::call(const WavePlan& wave, const Sweep& sweep, int number, int member,
                      const double* params) const noexcept {
  const Sweep::Call& call = sweep.calls[number];
  const KernelFn kernel = call.streams ? streaming_[call.kernel] : functions_[call.kernel];
  if (call.reduces) {
    wave.reducer->sweep(kernel, call.ptr, params + call.firstParam, call.ints, *call.reduces, member);
  } else {
    kernel(call.ptr, params + call.firstParam, call.ints);
  }
}

void PlanRunner::sweep(const WavePlan& wave, const Sweep& sweep, int member, const double* params) const noexcept {
  if (member >= sweep.members()) return;
  for (int i = sweep.first[member]; i < sweep.first[member + 1]; ++i) call(wave, sweep, i, member, params);
}

// Member 0 keeps the messages going between its interior tiles and completes them; then all sweep the boundary.
int64_t PlanRunner::sweepBehindExchange(const WavePlan& wave, const Binding& binding, size_t index,
                                        const double* params, RunStats& stats) {
  const Sweep& interior = binding.interior(index);
  const Sweep& boundary = binding.boundary(index);
  ExchangeRunner& exchange = *wave.exchange;
  std::exception_ptr failure;
  int64_t finishing = 0;
  const uint32_t before = arrived_.value();
  const int members = std::max(interior.members(), boundary.members());
  around_.team.run(members, [&](int member) noexcept {
    if (member == 0) {
      try {
        bool done = false;
        for (int i = interior.first[0]; i < interior.first[1]; ++i) {
          call(wave, interior, i, 0, params);
          if (!done && i + 1 < interior.first[1]) done = exchange.test();
        }
        const int64_t begin = nowNs();
        stats.count(exchange.finish(), !interior.calls.empty());
        finishing = nowNs() - begin;
      } catch (...) {
        failure = std::current_exception();
      }
      if (boundary.members() > 1) arrived_.add();
    } else {
      sweep(wave, interior, member, params);
      if (member < boundary.members()) arrived_.awaitChange(before, around_.team.spins());
    }
    if (member < boundary.members() && !failure) sweep(wave, boundary, member, params);
  });
  if (failure) std::rethrow_exception(failure);
  return finishing;
}

void PlanRunner::run(std::span<Field* const> bound, const double* params, std::span<const int32_t> ints,
                     const RunId& id, RunStats& stats) {
  Binding& binding = bindings_.bind(bound);
  if (!ints.empty()) {
    for (size_t k = 0; k < ints.size(); ++k) moved_[k] = ints[k] - plan_->ints[k];
    binding.move(moved_);
  }
  run(binding, params, id, stats);
}

void PlanRunner::march(std::span<Field* const> bound, const double* params, std::span<const int32_t> ints,
                       std::span<const int32_t> by, int64_t count, RunStats& stats) {
  const Binding& binding = bindings_.bind(bound);
  for (WavePlan& wave : waves_) {
    if (!wave.resolved) resolve(wave);
  }
  const RunStats untilNow = stats;
  const int64_t begin = nowNs();
  for (size_t k = 0; k < ints.size(); ++k) moved_[k] = ints[k] - plan_->ints[k];
  const MarchRunner runner(*plan_, plan_->threads, moved_, Index(by.begin(), by.end()),
                           [&](const Task& task) { return taskOn(binding, task); });
  runner.run(around_.team, params, count);
  stats.computeNs += nowNs() - begin;
  for (const WavePlan& wave : waves_) {
    account(wave, binding, stats);
    stats.bytesSwept += (count - 1) * wave.bytes;
  }
  stats.units += count;
  this->count(untilNow, stats);
}

void PlanRunner::prepare(std::span<Field* const> cycle) {
  const auto slots = static_cast<size_t>(plan_->bound);
  const size_t phases = slots == 0 ? 1 : cycle.size() / slots;
  if (passes_) passes_->clear();
  cycleFields_.assign(cycle.begin(), cycle.end());
  cycle_.resize(phases);
  // Twice: a field that a later set gives a halo has moved away from under the earlier ones.
  for (int round = 0; round < 2; ++round) {
    for (size_t phase = 0; phase < phases; ++phase) {
      cycle_[phase] = &bindings_.bind(cycle.subspan(phase * slots, slots), phases);
    }
  }
}

void PlanRunner::runPrepared(size_t phase, const double* params, const RunId& id, RunStats& stats) {
  Binding& binding = *cycle_[phase];
  // Sets that differ in nothing but Scalars are one binding.
  if (binding.hasScalars()) {
    const auto slots = static_cast<size_t>(plan_->bound);
    binding.bindScalars(std::span(cycleFields_).subspan(phase * slots, slots), around_.team);
  }
  run(binding, params, id, stats);
}

PreparedTask PlanRunner::taskOn(const Binding& binding, const Task& task) const {
  PreparedTask prepared{functions_[task.kernel], binding.pointers(task.kernel), task.firstParam, {}};
  for (const int64_t bias : task.bias) prepared.ints.insert(prepared.ints.end(), {0, 0, bias});
  for (const int slot : plan_->kernels[task.kernel].slots) {
    const Index& strides = binding.fields()[slot]->strides();
    prepared.ints.insert(prepared.ints.end(), strides.begin(), strides.end() - 1);
  }
  prepared.ints.insert(prepared.ints.end(), task.constants.begin(), task.constants.end());
  return prepared;
}

void PlanRunner::account(const WavePlan& wave, const Binding& binding, RunStats& stats) const {
  stats.bytesSwept += wave.bytes;
  for (const int slot : wave.wave->writes) binding.fields()[slot]->touch();
}

void PlanRunner::runPass(size_t phase, int steps, const double* params, const RunId& id, RunStats& stats) {
  for (WavePlan& wave : waves_) {
    if (!wave.resolved) resolve(wave);
  }
  const RunStats untilNow = stats;
  work_.sequence = id.sequence;
  work_.run = id.hash;
  work_.wave = static_cast<uint32_t>(waves_.size());
  if (!passes_) passes_.emplace(*chain_, *plan_, around_.comm, around_.team);
  const auto tasks = [&](size_t step, const Stage& stage) {
    return taskOn(*cycle_[(phase + step) % cycle_.size()], plan_->waves[stage.wave].tasks[stage.task]);
  };
  passes_->run(phase, steps, tasks, {cycle_[phase]->fields(), moved_, params, work_}, stats);
  for (int step = 0; step < steps; ++step) {
    const Binding& binding = *cycle_[(phase + static_cast<size_t>(step)) % cycle_.size()];
    for (const WavePlan& wave : waves_) account(wave, binding, stats);
  }
  stats.units += steps;
  count(untilNow, stats);
}

void PlanRunner::runJoin(size_t number, const Binding& binding, const double* params, RunStats& stats) {
  const Join& join = plan_->joins[number];
  const auto waves = std::span(waves_).subspan(static_cast<size_t>(join.first), static_cast<size_t>(join.waves));
  for (WavePlan& wave : waves) {
    if (!wave.resolved) resolve(wave);
  }
  work_.wave = static_cast<uint32_t>(waves_.size() + 1 + number);
  const auto tasks = [&](size_t, const Stage& stage) {
    return taskOn(binding, plan_->waves[stage.wave].tasks[stage.task]);
  };
  joins_[number].run(binding.serial(), 1, tasks, {binding.fields(), moved_, params, work_}, stats);
  for (const WavePlan& wave : waves) account(wave, binding, stats);
}

void PlanRunner::runWave(size_t number, Binding& binding, const double* params, RunStats& stats) {
  WavePlan& wave = waves_[number];
  if (!wave.resolved) resolve(wave);
  int64_t before = nowNs();
  if (wave.reducer) wave.reducer->begin(binding.fields());
  if (wave.exchange) {
    work_.wave = static_cast<uint32_t>(number);
    wave.exchange->start(binding.fields(), moved_, work_);
    const int64_t started = nowNs();
    const int64_t finishing = sweepBehindExchange(wave, binding, number, params, stats);
    stats.exchangeNs += started - before + finishing;
    before = started + finishing;
  } else {
    const Sweep& all = binding.interior(number);
    around_.team.run(all.members(), [&](int member) noexcept { sweep(wave, all, member, params); });
  }
  const int64_t after = nowNs();
  stats.computeNs += after - before;
  if (wave.reducer) {
    work_.wave = static_cast<uint32_t>(number) | kReducing;
    wave.reducer->finish(work_);
    stats.exchangeNs += nowNs() - after;
  }
  account(wave, binding, stats);
}

void PlanRunner::run(Binding& binding, const double* params, const RunId& id, RunStats& stats) {
  work_.sequence = id.sequence;
  work_.run = id.hash;
  const RunStats untilNow = stats;
  size_t joined = 0;
  for (size_t w = 0; w < waves_.size();) {
    const Join* join = joined < plan_->joins.size() ? &plan_->joins[joined] : nullptr;
    if (join && static_cast<size_t>(join->first) == w) {
      runJoin(joined++, binding, params, stats);
      w += static_cast<size_t>(join->waves);
    } else {
      runWave(w++, binding, params, stats);
    }
  }
  ++stats.units;
  count(untilNow, stats);
}

}  // namespace quadrille
