// What the executor is told to do, as values that are queued.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "executor/plan.h"
#include "executor/runner.h"
#include "memory/field.h"

namespace quadrille {

// Ids of fields count from 0 in order of creation, alike on every rank; those of host fields, which only some ranks
// have, from here.
constexpr int32_t kFirstHostField = 1 << 30;

struct AddField {
  int32_t id;
  std::shared_ptr<Field> field;
};
struct DropField {
  int32_t id;
  bool small;  // nobody waits for its memory
};
struct FillField {
  int32_t id;
  double value;
};
struct WriteField {
  int32_t id;
  const std::byte* data;
  std::shared_ptr<void> keep;
};
struct AddPlan {
  int32_t id;
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<PlanTally> tally;
};
struct DropPlan {
  int32_t id;
};
struct DropKernel {
  std::string key;
};
// Plan id, then field ids of its bound slots, then its integers, and so on; params follow in the same order. A march
// (jit/march.ts) begins with -1 - id, and has, behind its integers, how far each moves on, and how many runs it is. All
// ids were checked. `count`: runs.
struct RunUnits {
  std::vector<int32_t> units;
  std::vector<double> params;
  int64_t count;
};
// `count` steps of a Plan with a loop; `ids`: what its places hold in the first step.
struct RunLoop {
  int32_t id;
  std::shared_ptr<const Plan> plan;
  std::vector<int32_t> ids;
  std::vector<double> params;
  int64_t count;
};
// A loop that ends when a Scalar is not 0: after every `every` steps `check` is run once, on the fields as they stand
// then (its `ids` are those after the first step). `count`: steps at most. How many there were goes into a host field.
struct RunUntil {
  RunLoop loop, check;
  int32_t condition, stepsInto;
  int64_t every;
};
// Answered through the executor's `answer`; with a label it is a barrier among ranks as well.
struct Sync {
  uint64_t ticket;
  std::optional<std::string> label;
};
using Command = std::variant<AddField, DropField, FillField, WriteField, AddPlan, DropPlan, DropKernel, RunUnits,
                             RunLoop, RunUntil, Sync>;

// Steps and single runs in it.
int64_t unitsOf(const Command& command);

// Does nobody notice when it is done: could it be left to whatever is posted next?
bool canWait(const Command& command);

// Of what a unit runs on: the same on every rank that runs the same.
uint64_t hashOf(std::span<const int32_t> fields, std::span<const int32_t> ints, std::span<const double> params);

}  // namespace quadrille
