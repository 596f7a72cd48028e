// In: an Exchange of a Plan, the fields its slots are bound to; out: halos and temporaries filled on this rank, and
// what the neighbours asked for sent to them.
#include "exchange.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "clock.h"
#include "strided_copy.h"

namespace quadrille {
namespace {

int64_t countElements(const Part& part) {
  int64_t elements = 1;
  for (const PartAxis& axis : part.axes) elements *= axis.count;
  return elements;
}

[[noreturn]] void malformed(const std::string& what) { throw std::invalid_argument("plan's exchange: " + what); }

// What parsePlan() does not look at. Once per plan, not per run: a Part that left its field's memory would corrupt it
// silently.
void checkPart(const Part& part, const Plan& plan) {
  const std::string name = "part of slot " + std::to_string(part.slot);
  if (part.halo >= 0 && part.halo != part.slot) malformed(name + " refreshes the halo of another slot");
  const PlanSlot& slot = plan.slots[part.slot];
  Index lo = part.origin, hi = part.origin;
  int walked = 0;
  for (const PartAxis& axis : part.axes) {
    if (axis.count != 1 && ++walked > StridedCopy::kMaxAxes) malformed(name + " has too many axes");
    const int64_t reach = axis.step * (axis.count - 1);
    (reach < 0 ? lo : hi)[axis.dim] += reach;
  }
  if (countElements(part) == 0) return;
  for (size_t d = 0; d < lo.size(); ++d) {
    if (lo[d] < -slot.haloLo[d] || hi[d] >= slot.extent[d] + slot.haloHi[d]) {
      malformed(name + " leaves the block and its halo along dimension " + std::to_string(d));
    }
  }
}

int64_t strideBytes(const PartAxis& axis, const Index& strides, int64_t elementBytes) {
  return axis.step * strides[axis.dim] * elementBytes;
}

std::byte* addressOf(const Part& part, const Field& field, std::span<const int64_t> moved) {
  int64_t offset = 0;
  for (size_t d = 0; d < part.origin.size(); ++d) offset += part.origin[d] * field.strides()[d];
  for (const PartMove& move : part.moves) {
    offset += moved[static_cast<size_t>(move.integer)] * field.strides()[static_cast<size_t>(move.dim)];
  }
  return field.origin() + offset * static_cast<int64_t>(sizeOf(field.desc().dtype));
}

// The axes of a Part against a dense buffer. Built anew in every run: a few dozen nanoseconds, no more than looking up
// which of the swapped fields is bound today.
StridedCopy againstBuffer(const Part& part, const Field& field, bool pack) {
  const auto elementBytes = static_cast<int64_t>(sizeOf(field.desc().dtype));
  StridedCopy copy(static_cast<size_t>(elementBytes));
  int64_t dense = elementBytes;
  for (size_t a = part.axes.size(); a-- > 0;) {
    const int64_t stride = strideBytes(part.axes[a], field.strides(), elementBytes);
    copy.addAxis(part.axes[a].count, pack ? stride : dense, pack ? dense : stride);
    dense *= part.axes[a].count;
  }
  return copy;
}

// Axes of count 1 say nothing about order: both sides without them must have the same counts.
std::vector<PartAxis> walkedAxes(const Part& part) {
  std::vector<PartAxis> axes;
  for (const PartAxis& axis : part.axes) {
    if (axis.count != 1) axes.push_back(axis);
  }
  return axes;
}

// One end of a message or a local move, with what does not change from run to run.
struct PackedPart {
  Part part;
  size_t bytes;
};

struct PackedMove {
  Part from, to;
};

struct PackedMessage {
  int peer;
  std::vector<PackedPart> parts;
};

// The exchange with some of its halo slots left out: its own buffers and persistent requests.
struct Variant {
  std::vector<PackedMessage> sends, recvs;
  std::vector<PackedMove> locals;
  uint64_t bytes = 0;               // sent
  std::unique_ptr<MessageSet> set;  // null: nothing travels
};

// One bit per halo slot: true where its field has been written since this exchange last ran.
using Active = std::vector<bool>;

// A program settles into a few; each holds buffers. Requests are a rank's own affair: no other need know which it has.
constexpr size_t kVariants = 16;

}  // namespace

struct ExchangeRunner::Impl {
  Impl(const Exchange& exchangeIn, const Plan& planIn, Comm& commIn)
      : exchange(exchangeIn), plan(planIn), comm(commIn) {
    for (const Message& message : exchange.sends) checkMessage(message);
    for (const Message& message : exchange.recvs) checkMessage(message);
    for (const LocalMove& move : exchange.locals) checkMove(move);
    refreshed.resize(haloSlots.size());
  }

  void checkMessage(const Message& message) {
    if (message.peer < 0 || message.peer >= comm.size() || message.peer == comm.rank()) {
      malformed("a message with rank " + std::to_string(message.peer) + " on rank " + std::to_string(comm.rank()) +
                " of " + std::to_string(comm.size()));
    }
    for (const Part& part : message.parts) {
      checkPart(part, plan);
      addHaloSlot(part);
    }
  }

  void checkMove(const LocalMove& move) {
    checkPart(move.from, plan);
    // `from` may belong to another slot than the one whose halo is refreshed (a shifted copy of another field).
    checkPart(move.to, plan);
    if (plan.slots[move.from.slot].dtype != plan.slots[move.to.slot].dtype) malformed("a local move changes the dtype");
    const std::vector<PartAxis> from = walkedAxes(move.from), to = walkedAxes(move.to);
    bool same = from.size() == to.size();
    for (size_t a = 0; same && a < from.size(); ++a) same = from[a].count == to[a].count;
    if (!same) malformed("a local move between different counts");
    addHaloSlot(move.to);
  }

  void addHaloSlot(const Part& part) {
    if (part.halo < 0 || haloBit.contains(part.halo)) return;
    haloBit.emplace(part.halo, haloSlots.size());
    haloSlots.push_back(part.halo);
  }

  // Which halo slots must travel in this run; they count as refreshed from here on. Where the last run refreshed what
  // lay elsewhere, all must.
  Active decide(std::span<Field* const> fields, std::span<const int64_t> nowMoved) {
    Active active(haloSlots.size());
    if (!std::equal(moved.begin(), moved.end(), nowMoved.begin(), nowMoved.end())) {
      for (auto& versions : refreshed) versions.clear();
      moved.assign(nowMoved.begin(), nowMoved.end());
    }
    for (size_t i = 0; i < haloSlots.size(); ++i) {
      const Field& field = *fields[haloSlots[i]];
      const auto [entry, first] = refreshed[i].try_emplace(field.id(), field.version());
      active[i] = first || entry->second != field.version();
      entry->second = field.version();
    }
    return active;
  }

  bool isActive(const Part& part, const Active& active) const { return part.halo < 0 || active[haloBit.at(part.halo)]; }

  std::vector<PackedMessage> activeMessages(const std::vector<Message>& messages, const Active& active,
                                            std::vector<Endpoint>& endpoints) const {
    std::vector<PackedMessage> result;
    for (const Message& message : messages) {
      PackedMessage packed{message.peer, {}};
      size_t bytes = 0;
      for (const Part& part : message.parts) {
        const size_t partBytes = static_cast<size_t>(countElements(part)) * sizeOf(plan.slots[part.slot].dtype);
        if (partBytes == 0 || !isActive(part, active)) continue;
        packed.parts.push_back({part, partBytes});
        bytes += partBytes;
      }
      if (bytes == 0) continue;  // nothing to say: no message at all, at both ends
      endpoints.push_back({message.peer, bytes});
      result.push_back(std::move(packed));
    }
    return result;
  }

  Variant makeVariant(const Active& active) const {
    Variant variant;
    std::vector<Endpoint> sends, recvs;
    variant.sends = activeMessages(exchange.sends, active, sends);
    variant.recvs = activeMessages(exchange.recvs, active, recvs);
    for (const LocalMove& move : exchange.locals) {
      if (countElements(move.to) > 0 && isActive(move.to, active)) {
        variant.locals.push_back({{move.from.slot, move.from.origin, walkedAxes(move.from), -1, move.from.moves},
                                  {move.to.slot, move.to.origin, walkedAxes(move.to), -1, move.to.moves}});
      }
    }
    for (const Endpoint& send : sends) variant.bytes += send.bytes;
    if (!sends.empty() || !recvs.empty()) variant.set = comm.messages(sends, recvs);
    return variant;
  }

  void pack() const {
    for (size_t i = 0; i < current->sends.size(); ++i) {
      std::byte* out = current->set->sendBuffer(i).data();
      for (const PackedPart& packed : current->sends[i].parts) {
        const Field& field = *bound[packed.part.slot];
        againstBuffer(packed.part, field, true).run(addressOf(packed.part, field, moved), out);
        out += packed.bytes;
      }
    }
  }

  void unpack() const {
    for (size_t i = 0; i < current->recvs.size(); ++i) {
      const std::byte* in = current->set->recvBuffer(i).data();
      for (const PackedPart& packed : current->recvs[i].parts) {
        const Field& field = *bound[packed.part.slot];
        againstBuffer(packed.part, field, false).run(in, addressOf(packed.part, field, moved));
        in += packed.bytes;
      }
    }
  }

  void moveLocals() const {
    for (const PackedMove& move : current->locals) {
      const Field &source = *bound[move.from.slot], &target = *bound[move.to.slot];
      const auto elementBytes = static_cast<int64_t>(sizeOf(source.desc().dtype));
      StridedCopy copy(static_cast<size_t>(elementBytes));
      for (size_t a = move.to.axes.size(); a-- > 0;) {
        copy.addAxis(move.to.axes[a].count, strideBytes(move.from.axes[a], source.strides(), elementBytes),
                     strideBytes(move.to.axes[a], target.strides(), elementBytes));
      }
      copy.run(addressOf(move.from, source, moved), addressOf(move.to, target, moved));
    }
  }

  const Exchange& exchange;
  const Plan& plan;
  Comm& comm;
  std::vector<int> haloSlots;
  std::map<int, size_t> haloBit;
  std::vector<std::map<uint64_t, uint64_t>> refreshed;  // per halo slot: field id -> version when its halo was sent
  std::map<Active, Variant> variants;
  Variant* current = nullptr;
  std::vector<Field*> bound;
  std::vector<int64_t> moved;
  int64_t startedNs = 0, arrivedNs = 0;  // of the messages under way; not arrived: 0
};

ExchangeRunner::ExchangeRunner(const Exchange& exchange, const Plan& plan, Comm& comm)
    : impl_(std::make_unique<Impl>(exchange, plan, comm)) {}
ExchangeRunner::~ExchangeRunner() = default;

void ExchangeRunner::start(std::span<Field* const> fields, std::span<const int64_t> moved, const WorkId& work) {
  Active active = impl_->decide(fields, moved);
  auto found = impl_->variants.find(active);
  if (found == impl_->variants.end()) {
    if (impl_->variants.size() >= kVariants) release();
    Variant variant = impl_->makeVariant(active);
    found = impl_->variants.emplace(std::move(active), std::move(variant)).first;
  }
  impl_->current = &found->second;
  impl_->bound.assign(fields.begin(), fields.end());
  if (found->second.set) {
    found->second.set->begin(work);
    impl_->pack();
    found->second.set->start();
    impl_->startedNs = nowNs();
    impl_->arrivedNs = 0;
  }
  impl_->moveLocals();
}

bool ExchangeRunner::test() {
  if (!impl_->current || !impl_->current->set || impl_->arrivedNs != 0) return true;
  if (!impl_->current->set->test()) return false;
  impl_->arrivedNs = nowNs();
  return true;
}

Travel ExchangeRunner::finish() {
  Travel travel;
  if (!impl_->current) return travel;
  if (impl_->current->set) {
    if (impl_->arrivedNs == 0) {
      const int64_t begin = nowNs();
      impl_->current->set->finish();
      impl_->arrivedNs = nowNs();
      travel.waitedNs = impl_->arrivedNs - begin;
    }
    travel.underwayNs = impl_->arrivedNs - impl_->startedNs;
    travel.bytes = impl_->current->bytes;
    impl_->unpack();
    impl_->current->set->release();
  }
  impl_->current = nullptr;
  return travel;
}

void ExchangeRunner::forget(uint64_t field) {
  for (auto& versions : impl_->refreshed) versions.erase(field);
}

void ExchangeRunner::release() {
  impl_->current = nullptr;
  impl_->variants.clear();
}

}  // namespace quadrille
