// See reducer.h.
#include "executor/reducer.h"

#include <algorithm>

#include "executor/axis_sweep.h"
#include "memory/field.h"

namespace quadrille {

namespace {

size_t reductionsOf(const Wave& wave) {
  size_t count = 0;
  for (const Task& task : wave.tasks) {
    for (const TaskReduction& reduction : task.reductions) count += reduction.axes.empty() ? 1 : 0;
  }
  return count;
}

// Extents of the chunks a box is swept in: whole rows as far as they fit.
Index chunkOf(const Box& box, int64_t most) {
  Index chunk(box.size(), 1);
  for (size_t d = box.size(); d-- > 0 && most > 1;) {
    const int64_t extent = box[d].second - box[d].first;
    chunk[d] = std::min(extent, most);
    most = chunk[d] < extent ? 1 : most / chunk[d];
  }
  return chunk;
}

// Rows shorter than this are gathered into the buffer: accumulators take a while to begin.
constexpr int64_t kLongRow = 256;

// Can the elements be taken where they lie?
bool readsSources(const Task& task, const Box& box) {
  if (box.back().second - box.back().first < kLongRow) return false;
  return std::ranges::all_of(task.reductions, [](const TaskReduction& one) { return one.source.has_value(); });
}

Index lowOf(const Box& box) {
  Index lo(box.size());
  for (size_t d = 0; d < box.size(); ++d) lo[d] = box[d].first;
  return lo;
}

// To the next chunk of the box; false after the last.
bool advance(Index& lo, const Index& chunk, const Box& box) {
  for (size_t d = box.size(); d-- > 0;) {
    lo[d] += chunk[d];
    if (lo[d] < box[d].second) return true;
    lo[d] = box[d].first;
  }
  return false;
}

// Do the numbers of a chunk's elements grow in the order of its loops?
bool ascends(const TaskReduction& reduction, const Index& extent) {
  int64_t within = 0;  // from the first to the last element of the dimensions further in
  for (size_t d = extent.size(); d-- > 0;) {
    if (extent[d] == 1) continue;
    if (reduction.steps[d] <= within) return false;
    within += reduction.steps[d] * (extent[d] - 1);
  }
  return true;
}

}  // namespace

WaveReducer::WaveReducer(const Wave& wave, const Plan& plan, Comm& comm, int members)
    : wave_(wave), plan_(plan), members_(static_cast<size_t>(members)), all_(comm, reductionsOf(wave)) {
  firstOf_.push_back(0);
  size_t pointers = 0, integers = 0;
  bool axes = false;
  for (const Task& task : wave.tasks) {
    for (const TaskReduction& reduction : task.reductions) {
      if (!reduction.axes.empty()) {
        axes = true;
        continue;
      }
      reductions_.push_back(&reduction);
      fresh_.push_back(accumulatorOf(reduction));
    }
    firstOf_.push_back(static_cast<int>(reductions_.size()));
    if (task.reductions.empty()) continue;
    const PlanKernel& kernel = plan.kernels[task.kernel];
    size_t count = 3 * static_cast<size_t>(kernel.dims) + task.constants.size();
    for (const int slot : kernel.slots) count += (slot == kBuffer ? kernel.dims : plan.slots[slot].shape.size()) - 1;
    integers = std::max(integers, count);
    pointers = std::max(pointers, kernel.slots.size());
  }
  for (Member& member : members_) {
    member.buffer = std::make_unique<Word[]>(ExactSum::kBlock);
    member.ptr.resize(pointers);
    member.ints.resize(integers);
    member.partial = fresh_;
    if (axes) {
      member.values.resize(ExactSum::kBlock);
      member.wholes.resize(ExactSum::kBlock);
      member.numbers.resize(ExactSum::kBlock);
    }
  }
}

void WaveReducer::sweep(KernelFn kernelFn, void* const* ptr, const double* params, const int64_t* ints,
                        const Tile& tile, int number) noexcept {
  Member& member = members_[number];
  const Task& task = wave_.tasks[tile.task];
  const PlanKernel& kernel = plan_.kernels[task.kernel];
  const size_t dims = tile.box.size(), buffers = task.reductions.size(), fields = kernel.slots.size() - buffers;
  size_t strides = 3 * dims;
  for (size_t k = 0; k < fields; ++k) strides += plan_.slots[kernel.slots[k]].shape.size() - 1;
  std::copy_n(ptr, kernel.slots.size(), member.ptr.begin());
  std::copy_n(ints, strides + buffers * (dims - 1) + task.constants.size(), member.ints.begin());
  if (!task.reductions[0].axes.empty()) {
    sweepAxes(kernelFn, params, fields, strides, tile, member);
    return;
  }

  if (readsSources(task, tile.box)) return sweepSources(tile, member);

  const int64_t room = ExactSum::kBlock / static_cast<int64_t>(buffers);
  const Index chunk = chunkOf(tile.box, room);
  // The tile is where the Plan's own integers put it: those of this run may have moved what the kernel sweeps.
  Index lo = lowOf(tile.box), extent(dims), stride(dims, 1), shift(dims);
  for (size_t d = 0; d < dims; ++d) shift[d] = ints[3 * d] - lo[d];
  do {
    int64_t n = 1, before = 0;
    for (size_t d = dims; d-- > 0;) {
      extent[d] = std::min(chunk[d], tile.box[d].second - lo[d]);
      stride[d] = n;
      n *= extent[d];
      const int64_t first = lo[d] + shift[d];
      before += first * stride[d];
      member.ints[3 * d] = first;
      member.ints[3 * d + 1] = first + extent[d];
    }
    for (size_t b = 0; b < buffers; ++b) {
      // The kernel stores position j at sum of j[d] * stride[d]: what comes before the chunk is taken off.
      member.ptr[fields + b] = member.buffer.get() + static_cast<int64_t>(b) * room - before;
      std::copy_n(stride.begin(), dims - 1, member.ints.begin() + strides + b * (dims - 1));
    }
    kernelFn(member.ptr.data(), params, member.ints.data());
    for (size_t b = 0; b < buffers; ++b) {
      const TaskReduction& reduction = task.reductions[b];
      Word* const values = member.buffer.get() + static_cast<int64_t>(b) * room;
      addElements(member.partial[firstOf_[tile.task] + b], reduction.of, values, n, values,
                  {reduction, lo, extent, ascends(reduction, extent)});
    }
  } while (advance(lo, chunk, tile.box));
}

void WaveReducer::sweepSources(const Tile& tile, Member& member) noexcept {
  const Task& task = wave_.tasks[tile.task];
  const PlanKernel& kernel = plan_.kernels[task.kernel];
  const size_t dims = tile.box.size();
  const size_t loops = 3 * dims;
  Index chunk(dims, 1), lo = lowOf(tile.box), extent(dims, 1);
  chunk.back() = ExactSum::kBlock;
  do {
    extent.back() = std::min(chunk.back(), tile.box.back().second - lo.back());
    for (size_t b = 0; b < task.reductions.size(); ++b) {
      const TaskReduction& reduction = task.reductions[b];
      const auto place = static_cast<size_t>(reduction.source->place);
      const DType type = plan_.slots[kernel.slots[place]].dtype;
      // Fields before it in the kernel's list have their strides before its own.
      size_t at = loops;
      for (size_t k = 0; k < place; ++k) at += plan_.slots[kernel.slots[k]].shape.size() - 1;
      // As in sweep(): the run's integers may have moved what is swept.
      const auto position = [&](size_t d) {
        return lo[d] + member.ints[3 * d] - tile.box[d].first + reduction.source->shift[d];
      };
      int64_t offset = position(dims - 1);
      for (size_t d = 0; d + 1 < dims; ++d) offset += position(d) * member.ints[at + d];
      const auto* const values = static_cast<const std::byte*>(member.ptr[place]) + offset * sizeOf(type);
      addElements(member.partial[firstOf_[tile.task] + b], type, values, extent.back(), member.buffer.get(),
                  {reduction, lo, extent, ascends(reduction, extent)});
    }
  } while (advance(lo, chunk, tile.box));
}

void WaveReducer::sweepAxes(KernelFn kernel, const double* params, size_t fields, size_t strides, const Tile& tile,
                            Member& member) noexcept {
  const TaskReduction& reduction = wave_.tasks[tile.task].reductions[0];
  Field& into = *fields_[reduction.into];
  if (reduction.of == DType::f64) {
    AxisSweep<double>(kernel, params, member.ptr, member.ints, fields, strides, reduction, tile.box,
                      {&member.buffer[0].real, member.values, member.numbers})
        .run(into);
  } else {
    AxisSweep<int64_t>(kernel, params, member.ptr, member.ints, fields, strides, reduction, tile.box,
                       {&member.buffer[0].whole, member.wholes, member.numbers})
        .run(into);
  }
}

void WaveReducer::finish(const WorkId& work) {
  if (reductions_.empty()) return;
  std::vector<AnyAccumulator>& all = members_[0].partial;
  for (size_t m = 1; m < members_.size(); ++m) {
    for (size_t r = 0; r < all.size(); ++r) merge(all[r], members_[m].partial[r]);
    members_[m].partial = fresh_;
  }
  all_.run(all, work);
  for (size_t r = 0; r < all.size(); ++r) {
    Field& scalar = *fields_[reductions_[r]->into];
    const DType type = scalar.desc().dtype;
    store(std::visit([type](const auto& one) { return one.result(type); }, all[r]), type, scalar.origin());
  }
  all = fresh_;
}

}  // namespace quadrille
