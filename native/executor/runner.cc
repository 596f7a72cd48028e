// See runner.h.
#include "executor/runner.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "engine/streaming.h"
#include "error.h"

namespace quadrille {

namespace {

// Sets of fields remembered per Plan: a program that rotates k fields comes with k of them.
constexpr size_t kBindings = 8;

// What a wave must move at least for stores around the caches to pay. 5-point, read and written, Granite Rapids: 16 MB
// 0.57 ns per point, around the caches 0.72; 64 MB 0.82 and 0.77; 256 MB 1.17 and 0.70. Most L3 caches (or a process's
// share of them) are smaller.
int64_t streamBytes() {
  static const int64_t bytes = [] {
    int64_t number = int64_t{64} << 20;
    if (const char* given = std::getenv("QUADRILLE_STREAM_BYTES")) {
      std::from_chars(given, given + std::strlen(given), number);
    }
    return number;
  }();
  return bytes;
}

int64_t nowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Tells a wave's reduction from its exchange.
constexpr uint32_t kReducing = uint32_t{1} << 31;

uint64_t hexadecimal(std::string_view digits) {
  uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

}  // namespace

// Tiles of one phase of one wave, ready to call.
struct PlanRunner::Sweep {
  struct Call {
    int kernel, firstParam;
    void* const* ptr;
    const int64_t* ints;
    bool streams;         // the kernel's streaming form may be called, and pays
    const Tile* reduces;  // null: a plain sweep
  };
  std::vector<Call> calls;
  std::span<const int> first;  // of member m: calls [first[m], first[m + 1])
  int members() const { return static_cast<int>(first.size()) - 1; }
};

struct PlanRunner::WavePlan {
  const Wave* wave;
  std::unique_ptr<ExchangeRunner> exchange;  // null: everything is swept at once, as `interior`
  Share interior, boundary;
  std::unique_ptr<WaveReducer> reducer;  // null: the wave reduces nothing
  int64_t bytes = 0;                     // loaded and stored by one run, each slot counted once per point
  bool resolved = false;
};

struct PlanRunner::Binding {
  std::vector<uint64_t> ids;      // of the bound fields; 0: a Scalar
  std::vector<uint64_t> layouts;  // of all slots' fields, when the addresses below were taken
  std::vector<Field*> fields;
  std::vector<std::vector<void*>> pointers;  // per kernel
  std::vector<int64_t> ints;                 // of all calls, one after the other
  struct Patch {
    size_t at;
    int64_t base, by;
    int integer;
  };
  std::vector<Patch> patches;  // what of `ints` moves with the run's integers
  struct WaveSweeps {
    Sweep interior, boundary;
  };
  std::vector<WaveSweeps> waves;
  std::vector<size_t> scalars;                            // slots
  std::vector<std::pair<size_t, void**>> scalarPointers;  // slot, and one of `pointers`

  // Scalars come and go with every step of a loop: whichever they are, the binding fits.
  void bindScalars(std::span<Field* const> bound, Team& team) {
    for (const size_t slot : scalars) {
      fields[slot] = bound[slot];
      bound[slot]->ensure({0}, {0}, -1, team);
    }
    for (const auto& [slot, pointer] : scalarPointers) *pointer = fields[slot]->origin();
  }

  bool fits(std::span<Field* const> bound) const {
    for (size_t s = 0; s < bound.size(); ++s) {
      if (ids[s] != 0 && bound[s]->id() != ids[s]) return false;
    }
    // Only now are the pointers known to be alive. Another Plan may have grown a halo.
    for (size_t s = 0; s < fields.size(); ++s) {
      if (s < ids.size() && ids[s] == 0) continue;
      if (fields[s]->layout() != layouts[s]) return false;
    }
    return true;
  }
};

PlanRunner::PlanRunner(std::shared_ptr<const Plan> plan, Surroundings around)
    : plan_(std::move(plan)), around_(around), functions_(plan_->kernels.size(), nullptr), streaming_(functions_) {
  const std::string_view key = plan_->key;
  work_.keyHi = hexadecimal(key.substr(0, 16));
  work_.keyLo = key.size() > 16 ? hexadecimal(key.substr(16, 16)) : 0;
  work_.label = plan_->label;
  kernels_.resize(plan_->kernels.size());
  moved_.resize(plan_->ints.size());

  const int threads = std::min(plan_->threads, around_.team.size());
  for (const Wave& wave : plan_->waves) {
    WavePlan& made = waves_.emplace_back();
    made.wave = &wave;
    if (wave.exchange) {
      made.exchange = std::make_unique<ExchangeRunner>(*wave.exchange, *plan_, around_.comm);
      made.interior = shareOut(wave.tasks, &Task::interior, threads, plan_->odf);
      made.boundary = shareOut(wave.tasks, &Task::boundary, threads, plan_->odf);
    } else {
      made.interior = shareOutAll(wave.tasks, threads, plan_->odf);
      made.boundary.first = {0, 0};
    }
    const bool reduces =
        std::any_of(wave.tasks.begin(), wave.tasks.end(), [](const Task& task) { return !task.reductions.empty(); });
    if (reduces) made.reducer = std::make_unique<WaveReducer>(wave, *plan_, around_.comm, around_.team.size());
    for (const Task& task : wave.tasks) {
      int64_t perPoint = 0, count = 0;
      for (const int slot : plan_->kernels[task.kernel].slots) {
        if (slot != kBuffer && !plan_->slots[slot].replicated) perPoint += sizeOf(plan_->slots[slot].dtype);
      }
      for (const Box& box : task.interior) count += points(box);
      for (const Box& box : task.boundary) count += points(box);
      made.bytes += count * perPoint;
    }
  }
}

PlanRunner::~PlanRunner() = default;

// Does every row of the box begin where a streaming kernel's vectors may, in all fields that it writes?
bool PlanRunner::mayStream(const PlanKernel& kernel, const Box& box, const Binding& binding) {
  return !kernel.streams.empty() && std::ranges::all_of(kernel.streams, [&](int place) {
    const Field& field = *binding.fields[kernel.slots[place]];
    const auto size = static_cast<int64_t>(sizeOf(field.desc().dtype));
    const auto first = reinterpret_cast<intptr_t>(field.origin()) + box.back().first * size;
    const auto onBoundary = [](int64_t bytes) { return bytes % streamAlignment == 0; };
    const Index& strides = field.strides();
    return onBoundary(first) &&
           std::all_of(strides.begin(), strides.end() - 1, [&](int64_t n) { return onBoundary(n * size); });
  });
}

std::unique_ptr<PlanRunner::Binding> PlanRunner::makeBinding(std::span<Field* const> bound) {
  if (!hasTemporaries_) {
    std::vector<FieldDesc> wanted;
    for (const PlanSlot& slot : plan_->slots) {
      if (slot.temp) wanted.push_back({slot.dtype, slot.shape, slot.offset, slot.extent, true});
    }
    temporaries_ = around_.temporaries.take(wanted);
    hasTemporaries_ = true;
  }
  auto binding = std::make_unique<Binding>();
  binding->fields.assign(bound.begin(), bound.end());
  for (const auto& field : temporaries_) binding->fields.push_back(field.get());
  for (size_t s = 0; s < binding->fields.size(); ++s) {
    Field& field = *binding->fields[s];
    const PlanSlot& slot = plan_->slots[s];
    const FieldDesc& desc = field.desc();
    if (desc.dtype != slot.dtype || desc.shape != slot.shape || desc.offset != slot.offset ||
        desc.extent != slot.extent) {
      throw UsageError("the field bound to slot " + std::to_string(s) + " has another dtype, shape or block");
    }
    if (std::find(binding->fields.begin(), binding->fields.begin() + s, &field) != binding->fields.begin() + s) {
      throw UsageError("one field is bound to two slots");  // kernels are compiled for distinct ones
    }
    field.ensure(slot.haloLo, slot.haloHi, slot.alignAt, around_.team);
  }
  for (size_t s = 0; s < bound.size(); ++s) {
    binding->ids.push_back(plan_->slots[s].replicated ? 0 : bound[s]->id());
    if (plan_->slots[s].replicated) binding->scalars.push_back(s);
  }
  for (const Field* field : binding->fields) binding->layouts.push_back(field->layout());

  std::vector<Index> strides;  // per kernel, of its slots without the last, as they go into ints
  for (const PlanKernel& kernel : plan_->kernels) {
    std::vector<void*>& pointers = binding->pointers.emplace_back();
    Index& flat = strides.emplace_back();
    pointers.reserve(kernel.slots.size());  // addresses of its elements are kept
    for (const int slot : kernel.slots) {
      if (slot == kBuffer) {
        pointers.push_back(nullptr);
        flat.insert(flat.end(), kernel.dims - 1, 0);
        continue;
      }
      const Field& field = *binding->fields[slot];
      pointers.push_back(field.origin());
      if (plan_->slots[slot].replicated) binding->scalarPointers.emplace_back(slot, &pointers.back());
      flat.insert(flat.end(), field.strides().begin(), field.strides().end() - 1);
    }
  }
  size_t total = 0;
  const auto eachTile = [this](auto&& visit) {
    for (size_t w = 0; w < waves_.size(); ++w) {
      for (const Tile& tile : waves_[w].interior.tiles) visit(w, tile, false);
      for (const Tile& tile : waves_[w].boundary.tiles) visit(w, tile, true);
    }
  };
  eachTile([&](size_t w, const Tile& tile, bool) {
    const Task& task = waves_[w].wave->tasks[tile.task];
    total += 3 * tile.box.size() + strides[task.kernel].size() + task.constants.size();
  });
  binding->ints.reserve(total);  // addresses below stay put
  binding->waves.resize(waves_.size());
  for (size_t w = 0; w < waves_.size(); ++w) {
    binding->waves[w].interior.first = waves_[w].interior.first;
    binding->waves[w].boundary.first = waves_[w].boundary.first;
  }
  eachTile([&](size_t w, const Tile& tile, bool boundary) {
    const Task& task = waves_[w].wave->tasks[tile.task];
    const int64_t* ints = binding->ints.data() + binding->ints.size();
    for (size_t d = 0; d < tile.box.size(); ++d) {
      binding->ints.insert(binding->ints.end(), {tile.box[d].first, tile.box[d].second, task.bias[d]});
    }
    binding->ints.insert(binding->ints.end(), strides[task.kernel].begin(), strides[task.kernel].end());
    binding->ints.insert(binding->ints.end(), task.constants.begin(), task.constants.end());
    const size_t first = static_cast<size_t>(ints - binding->ints.data());
    const auto patch = [&](size_t offset, const Move& move) {
      binding->patches.push_back({first + offset, binding->ints[first + offset], move.by, move.integer});
    };
    for (const Move& move : task.moves) {
      const auto index = static_cast<size_t>(move.index);
      switch (move.what) {
        case Move::What::box:
          patch(3 * index, move);
          patch(3 * index + 1, move);
          break;
        case Move::What::bias:
          patch(3 * index + 2, move);
          break;
        case Move::What::constant:
          patch(3 * tile.box.size() + strides[task.kernel].size() + index, move);
          break;
      }
    }
    Sweep& sweep = boundary ? binding->waves[w].boundary : binding->waves[w].interior;
    const WaveReducer* reducer = waves_[w].reducer.get();
    const bool streams = waves_[w].bytes >= streamBytes() && mayStream(plan_->kernels[task.kernel], tile.box, *binding);
    sweep.calls.push_back({task.kernel, task.firstParam, binding->pointers[task.kernel].data(), ints, streams,
                           reducer && reducer->reduces(tile.task) ? &tile : nullptr});
  });
  return binding;
}

PlanRunner::Binding& PlanRunner::bind(std::span<Field* const> bound, size_t keep) {
  const size_t most = std::max(keep, kBindings);
  for (size_t i = 0; i < bindings_.size(); ++i) {
    // Rotating programs come back to the next one.
    const size_t at = (lastBinding_ + 1 + i) % bindings_.size();
    if (bindings_[at]->fits(bound)) {
      lastBinding_ = at;
      bindings_[at]->bindScalars(bound, around_.team);
      return *bindings_[at];
    }
  }
  auto binding = makeBinding(bound);
  // One of the same fields whose layout has changed is replaced; else the oldest.
  size_t at = bindings_.size();
  for (size_t i = 0; i < bindings_.size(); ++i) {
    if (bindings_[i]->ids == binding->ids) at = i;
  }
  if (at == bindings_.size() && at < most) {
    bindings_.push_back(std::move(binding));
  } else {
    if (at == bindings_.size()) at = nextVictim_++ % bindings_.size();
    bindings_[at] = std::move(binding);
  }
  lastBinding_ = at;
  return *bindings_[at];
}

void PlanRunner::forget(uint64_t field) {
  for (WavePlan& wave : waves_) {
    if (wave.exchange) wave.exchange->forget(field);
  }
  if (deepExchange_) deepExchange_->forget(field);
  passes_.clear();
  std::erase_if(bindings_, [field](const std::unique_ptr<Binding>& binding) {
    return std::find(binding->ids.begin(), binding->ids.end(), field) != binding->ids.end();
  });
  lastBinding_ = 0;
  if (!bindings_.empty()) return;
  temporaries_.clear();
  hasTemporaries_ = false;
  for (WavePlan& wave : waves_) {
    if (wave.exchange) wave.exchange->release();
  }
  if (deepExchange_) deepExchange_->release();
}

// One value may move with several integers.
void PlanRunner::move(Binding& binding, std::span<const int32_t> ints) {
  for (size_t k = 0; k < ints.size(); ++k) moved_[k] = ints[k] - plan_->ints[k];
  for (const Binding::Patch& patch : binding.patches) binding.ints[patch.at] = patch.base;
  for (const Binding::Patch& patch : binding.patches) {
    binding.ints[patch.at] += patch.by * moved_[static_cast<size_t>(patch.integer)];
  }
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
                                        const double* params) {
  const Sweep& interior = binding.waves[index].interior;
  const Sweep& boundary = binding.waves[index].boundary;
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
        exchange.finish();
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
  Binding& binding = bind(bound);
  if (!ints.empty()) move(binding, ints);
  run(binding, params, id, stats);
}

void PlanRunner::prepare(std::span<Field* const> cycle) {
  const auto slots = static_cast<size_t>(plan_->bound);
  const size_t phases = slots == 0 ? 1 : cycle.size() / slots;
  passes_.clear();
  cycleFields_.assign(cycle.begin(), cycle.end());
  cycle_.resize(phases);
  // Twice: a field that a later set gives a halo has moved away from under the earlier ones.
  for (int round = 0; round < 2; ++round) {
    for (size_t phase = 0; phase < phases; ++phase) {
      cycle_[phase] = &bind(cycle.subspan(phase * slots, slots), phases);
    }
  }
}

void PlanRunner::runPrepared(size_t phase, const double* params, const RunId& id, RunStats& stats) {
  Binding& binding = *cycle_[phase];
  // Sets that differ in nothing but Scalars are one binding.
  if (!binding.scalars.empty()) {
    const auto slots = static_cast<size_t>(plan_->bound);
    binding.bindScalars(std::span(cycleFields_).subspan(phase * slots, slots), around_.team);
  }
  run(binding, params, id, stats);
}

PreparedTask PlanRunner::taskOn(const Binding& binding, const Stage& stage, const double* params) const {
  const Task& task = plan_->waves[stage.wave].tasks[stage.task];
  PreparedTask prepared{functions_[task.kernel], binding.pointers[task.kernel].data(), params + task.firstParam, {}};
  for (const int64_t bias : task.bias) prepared.ints.insert(prepared.ints.end(), {0, 0, bias});
  for (const int slot : plan_->kernels[task.kernel].slots) {
    const Index& strides = binding.fields[slot]->strides();
    prepared.ints.insert(prepared.ints.end(), strides.begin(), strides.end() - 1);
  }
  prepared.ints.insert(prepared.ints.end(), task.constants.begin(), task.constants.end());
  return prepared;
}

const Pass& PlanRunner::passAt(size_t phase, int steps, const double* params) {
  const auto found = passes_.find({phase, steps});
  if (found != passes_.end()) return found->second;
  const Chain& chain = *plan_->loop->chain;
  Pass pass(chain, steps, plan_->threads, [&](size_t step, const Stage& stage) {
    return taskOn(*cycle_[(phase + step) % cycle_.size()], stage, params);
  });
  return passes_.emplace(std::pair(phase, steps), std::move(pass)).first->second;
}

void PlanRunner::runPass(size_t phase, int steps, const double* params, const RunId& id, RunStats& stats) {
  for (WavePlan& wave : waves_) {
    if (!wave.resolved) resolve(wave);
  }
  const Chain& chain = *plan_->loop->chain;
  const Pass& pass = passAt(phase, steps, params);
  int64_t before = nowNs();
  if (chain.exchange) {
    if (!deepExchange_) deepExchange_ = std::make_unique<ExchangeRunner>(*chain.exchange, *plan_, around_.comm);
    work_.sequence = id.sequence;
    work_.run = id.hash;
    work_.wave = static_cast<uint32_t>(waves_.size());
    deepExchange_->start(cycle_[phase]->fields, moved_, work_);
    deepExchange_->finish();
    const int64_t arrived = nowNs();
    stats.exchangeNs += arrived - before;
    before = arrived;
  }
  pass.run(around_.team);
  stats.computeNs += nowNs() - before;
  for (int step = 0; step < steps; ++step) {
    const Binding& binding = *cycle_[(phase + static_cast<size_t>(step)) % cycle_.size()];
    for (const WavePlan& wave : waves_) {
      stats.bytesSwept += wave.bytes;
      for (const int slot : wave.wave->writes) binding.fields[slot]->touch();
    }
  }
  stats.units += steps;
}

void PlanRunner::run(Binding& binding, const double* params, const RunId& id, RunStats& stats) {
  work_.sequence = id.sequence;
  work_.run = id.hash;
  int64_t before = nowNs();
  for (size_t w = 0; w < waves_.size(); ++w) {
    WavePlan& wave = waves_[w];
    if (!wave.resolved) {
      resolve(wave);
      before = nowNs();  // waiting for the compiler is neither computing nor exchanging
    }
    if (wave.reducer) wave.reducer->begin(binding.fields);
    if (wave.exchange) {
      work_.wave = static_cast<uint32_t>(w);
      wave.exchange->start(binding.fields, moved_, work_);
      const int64_t started = nowNs();
      const int64_t finishing = sweepBehindExchange(wave, binding, w, params);
      stats.exchangeNs += started - before + finishing;
      before = started + finishing;
    } else {
      const Sweep& all = binding.waves[w].interior;
      around_.team.run(all.members(), [&](int member) noexcept { sweep(wave, all, member, params); });
    }
    int64_t after = nowNs();
    stats.computeNs += after - before;
    if (wave.reducer) {
      work_.wave = static_cast<uint32_t>(w) | kReducing;
      wave.reducer->finish(work_);
      before = after;
      after = nowNs();
      stats.exchangeNs += after - before;
    }
    before = after;
    stats.bytesSwept += wave.bytes;
    for (const int slot : wave.wave->writes) binding.fields[slot]->touch();
  }
  ++stats.units;
}

}  // namespace quadrille
