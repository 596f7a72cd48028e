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
      fresh_.emplace_back(reduction.fn);
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
    member.buffer = std::make_unique<double[]>(ExactSum::kBlock);
    member.ptr.resize(pointers);
    member.ints.resize(integers);
    member.partial = fresh_;
    if (axes) {
      member.values.resize(ExactSum::kBlock);
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

  const int64_t room = ExactSum::kBlock / static_cast<int64_t>(buffers);
  const Index chunk = chunkOf(tile.box, room);
  // The tile is where the Plan's own integers put it: those of this run may have moved what the kernel sweeps.
  Index lo(dims), extent(dims), stride(dims, 1), shift(dims);
  for (size_t d = 0; d < dims; ++d) {
    lo[d] = tile.box[d].first;
    shift[d] = ints[3 * d] - lo[d];
  }
  for (;;) {
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
      member.partial[firstOf_[tile.task] + b].add(member.buffer.get() + static_cast<int64_t>(b) * room, n,
                                                  [&](int64_t i) {
                                                    int64_t element = reduction.first;
                                                    for (size_t d = dims; d-- > 0;) {
                                                      element += reduction.steps[d] * (lo[d] + i % extent[d]);
                                                      i /= extent[d];
                                                    }
                                                    return element;
                                                  });
    }
    size_t d = dims;
    while (d-- > 0) {
      lo[d] += chunk[d];
      if (lo[d] < tile.box[d].second) break;
      lo[d] = tile.box[d].first;
      if (d == 0) return;
    }
  }
}

void WaveReducer::sweepAxes(KernelFn kernel, const double* params, size_t fields, size_t strides, const Tile& tile,
                            Member& member) noexcept {
  const TaskReduction& reduction = wave_.tasks[tile.task].reductions[0];
  AxisSweep(kernel, params, member.ptr, member.ints, fields, strides, reduction, tile.box,
            {member.buffer.get(), member.values, member.numbers})
      .run(*fields_[reduction.into]);
}

void WaveReducer::finish(const WorkId& work) {
  if (reductions_.empty()) return;
  std::vector<Accumulator>& all = members_[0].partial;
  for (size_t m = 1; m < members_.size(); ++m) {
    for (size_t r = 0; r < all.size(); ++r) all[r].merge(members_[m].partial[r]);
    members_[m].partial = fresh_;
  }
  all_.run(all, work);
  for (size_t r = 0; r < all.size(); ++r) {
    Field& scalar = *fields_[reductions_[r]->into];
    const double value = all[r].result(scalar.desc().dtype);
    if (scalar.desc().dtype == DType::f64) {
      *reinterpret_cast<double*>(scalar.origin()) = value;
    } else {
      *reinterpret_cast<float*>(scalar.origin()) = static_cast<float>(value);
    }
  }
  all = fresh_;
}

}  // namespace quadrille
