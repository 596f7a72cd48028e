// See command.h.
#include "executor/command.h"

#include <bit>

namespace quadrille {

// A nanosecond or so per number.
uint64_t hashOf(std::span<const int32_t> fields, std::span<const int32_t> ints, std::span<const double> params) {
  uint64_t hash = 0;
  const auto mix = [&hash](uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  };
  for (const int32_t id : fields) {
    if (id < kFirstHostField) mix(static_cast<uint64_t>(id) + 1);
  }
  for (const int32_t value : ints) mix(static_cast<uint64_t>(static_cast<uint32_t>(value)));
  for (const double value : params) mix(std::bit_cast<uint64_t>(value));
  return hash;
}

int64_t unitsOf(const Command& command) {
  if (const auto* units = std::get_if<RunUnits>(&command)) return units->count;
  if (const auto* loop = std::get_if<RunLoop>(&command)) return loop->count;
  if (const auto* until = std::get_if<RunUntil>(&command)) return until->loop.count;
  return 0;
}

// A loop over Scalars makes and drops one or two in every step; waking a thread for each takes longer than the step.
bool canWait(const Command& command) {
  if (const auto* drop = std::get_if<DropField>(&command)) return drop->small;
  return std::holds_alternative<AddField>(command) || std::holds_alternative<AddPlan>(command) ||
         std::holds_alternative<DropPlan>(command);
}

}  // namespace quadrille
