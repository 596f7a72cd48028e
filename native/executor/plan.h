// The Plan as the executor holds it: jit/plan.ts, field for field. Parsed once per program from JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quadrille {

// `boolean` takes a byte, 0 or 1, as in NumPy.
enum class DType : uint8_t { f64, f32, i64, i32, boolean };
constexpr size_t sizeOf(DType t) { return t == DType::f64 || t == DType::i64 ? 8 : t == DType::boolean ? 1 : 4; }
// By the name it has in jit/program.ts.
constexpr std::optional<DType> dtypeNamed(std::string_view name) {
  if (name == "f64") return DType::f64;
  if (name == "f32") return DType::f32;
  if (name == "i64") return DType::i64;
  if (name == "i32") return DType::i32;
  if (name == "bool") return DType::boolean;
  return std::nullopt;
}
constexpr const char* kDTypeNames = "'f64', 'f32', 'i64', 'i32' or 'bool'";
enum class ReduceFn : uint8_t { sum, min, max, argmin, argmax, prod };

using Index = std::vector<int64_t>;                    // one entry per dimension
using Box = std::vector<std::pair<int64_t, int64_t>>;  // [lo, hi) per dimension, block-local

struct PlanSlot {
  DType dtype;
  bool temp;
  bool replicated;  // a Scalar: shape {1}, the whole of it on every rank
  Index shape, offset, extent, haloLo, haloHi;
  int64_t alignAt;
};

struct PlanKernel {
  std::string key, symbol;
  int dims;
  std::vector<int> slots;  // kBuffer: not a field but the buffer of a reduction; those come last
  // Which element of its block the kernel's position 0 is, per slot: where blocks do not begin at one place of the
  // grid.
  std::vector<Index> starts;  // empty: (0, ..., 0) for all
  std::vector<int>
      streams;  // places in `slots` of what it writes whole rows of, from the box's edge on, and does not read
};
constexpr int kBuffer = -1;

struct PartAxis {
  int dim;
  int64_t step, count;
};

// Dimension `dim` of a part's origin moves with integer `integer` of the run.
struct PartMove {
  int dim, integer;
};

// A strided set of elements of one slot; see jit/plan.ts for order and meaning.
struct Part {
  int slot;
  Index origin;
  std::vector<PartAxis> axes;
  int halo;  // slot whose halo this refreshes, or -1
  std::vector<PartMove> moves = {};
};

struct Message {
  int peer;
  std::vector<Part> parts;
};

struct LocalMove {
  Part from, to;
};

struct Exchange {
  std::vector<Message> sends, recvs;
  std::vector<LocalMove> locals;
};

// A field's elements themselves are reduced: that at loop position j lies at block-local index j + shift of the
// kernel's slot number `place`.
struct ReductionSource {
  int place;
  Index shift;
};

struct TaskReduction {
  ReduceFn fn;
  DType of;  // what the buffer holds: f64 (of floats) or i64
  int into;  // slot of the Scalar
  int64_t first;
  Index steps;  // element number at position j: first + sum of steps[d] * j[d]
  // Loop dimensions reduced in order; empty: all, in any order. Then `into` is a field, and `dims` says which position
  // of the box each of its indices is (-1: 0).
  Index axes, dims;
  std::optional<ReductionSource> source;
};

// Boxes (or bias) in dimension `index`, or constant number `index`, move by `by` per unit of integer `integer`.
struct Move {
  enum class What : uint8_t { box, bias, constant };
  What what;
  int index, integer;
  int64_t by;
};

struct Task {
  int kernel;
  std::vector<Box> interior, boundary;
  Index bias;
  int firstParam;  // the kernel's params begin at this one of the Program's
  Index constants;
  int64_t blockRows = 0;                  // swept through all planes before the next ones' turn; 0: all
  std::vector<TaskReduction> reductions;  // one per buffer of the kernel
  std::vector<Move> moves = {};
};

struct Wave {
  std::optional<Exchange> exchange;
  std::vector<Task> tasks;
  std::vector<int> writes;
};

// For running the Plan many times in a row: place p (bound slots first) holds in the next step what next[p] holds now.
struct Stage {
  int wave, task;
  Index lag;                 // per tiled dimension
  Index lead;                // the same: where its block begins, after that of the first task
  Index stride;              // per loop dimension
  std::optional<Box> box;    // kernel coordinates; none: nothing to sweep
  std::optional<Box> inner;  // what of it needs no halo; none: nothing
};

struct Chain {
  int steps;
  int64_t height, width, rows, alignAt;
  Index grain;  // per tiled dimension
  std::vector<Stage> stages;
  std::optional<Exchange> exchange;
};

struct PlanLoop {
  std::vector<int> next;
  std::optional<Chain> chain;
  std::vector<std::optional<Chain>> trials;  // to be timed; empty: `chain` it is
  int remembered = -1;                       // the choice of an earlier run
};

// Waves [first, first + waves) in one pass over memory, as a chain of one step.
struct Join {
  int first, waves;
  Chain chain;
};

// How runs whose integers move on by constants may be taken strip by strip.
struct PlanMarch {
  int64_t width;
  std::vector<std::vector<int>> along;  // by wave and task: the loop dimension of the strips
};

struct Plan {
  std::string key, label;  // key: 32 hex digits
  int params, bound;
  Index ints;  // of the run that it is made for; other runs move what moves
  std::vector<PlanSlot> slots;
  std::vector<PlanKernel> kernels;
  std::vector<Wave> waves;
  int threads, odf;
  std::vector<Join> joins;  // in order, apart from each other
  std::optional<PlanMarch> march;
  std::optional<PlanLoop> loop;
};

// Throws std::invalid_argument naming the JSON path on anything that is not a well-formed Plan.
Plan parsePlan(std::string_view json);

}  // namespace quadrille
