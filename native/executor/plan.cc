// Reads a Plan from JSON (jit/plan.ts) and checks all that indexing relies on.
#include "executor/plan.h"

#include <llvm/Support/Error.h>
#include <llvm/Support/JSON.h>

#include <algorithm>
#include <stdexcept>

namespace quadrille {

namespace {

namespace json = llvm::json;

// A value and where it stands, for messages: `plan.waves[0].tasks[1].bias`.
class Node {
 public:
  Node(const json::Value* value, std::string path) : value_(value), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& expected) const {
    throw std::invalid_argument(path_ + ": expected " + expected);
  }
  Node operator[](const char* name) const {
    const json::Object* object = value_->getAsObject();
    if (!object) fail("an object");
    const json::Value* member = object->get(name);
    if (!member) fail(std::string("a member '") + name + "'");
    return {member, path_ + "." + name};
  }
  // Of a member that may be left out.
  bool has(const char* name) const {
    const json::Object* object = value_->getAsObject();
    return object != nullptr && object->get(name) != nullptr;
  }
  bool isNull() const { return value_->getAsNull().has_value(); }
  int64_t integer() const {
    const auto number = value_->getAsInteger();
    if (!number) fail("an integer");
    return *number;
  }
  int64_t integer(int64_t lo, int64_t hi) const {
    const int64_t number = integer();
    if (number < lo || number >= hi) fail("an integer in [" + std::to_string(lo) + ", " + std::to_string(hi) + ")");
    return number;
  }
  int small(int64_t lo, int64_t hi) const { return static_cast<int>(integer(lo, hi)); }
  bool boolean() const {
    const auto flag = value_->getAsBoolean();
    if (!flag) fail("a boolean");
    return *flag;
  }
  std::string string() const {
    const auto text = value_->getAsString();
    if (!text) fail("a string");
    return text->str();
  }
  // One T per element; `count` < 0: any number.
  template <class Read>
  auto list(Read&& read, int64_t count = -1) const {
    const json::Array* array = value_->getAsArray();
    if (!array) fail("an array");
    if (count >= 0 && static_cast<int64_t>(array->size()) != count) fail(std::to_string(count) + " entries");
    std::vector<decltype(read(*this))> values;
    values.reserve(array->size());
    for (const json::Value& element : *array) {
      values.push_back(read(Node(&element, path_ + "[" + std::to_string(values.size()) + "]")));
    }
    return values;
  }
  Index indices(int64_t count) const {
    return list([](const Node& entry) { return entry.integer(); }, count);
  }
  Index sizes(int64_t count) const {
    return list([](const Node& entry) { return entry.integer(0, int64_t{1} << 62); }, count);
  }

 private:
  const json::Value* value_;
  std::string path_;
};

constexpr int64_t kMany = int64_t{1} << 30;

PlanSlot readSlot(const Node& node) {
  PlanSlot slot;
  const auto dtype = dtypeNamed(node["dtype"].string());
  if (!dtype) node["dtype"].fail(kDTypeNames);
  slot.dtype = *dtype;
  slot.temp = node["temp"].boolean();
  slot.replicated = node.has("replicated") && node["replicated"].boolean();
  slot.shape = node["shape"].sizes(-1);
  const auto dims = static_cast<int64_t>(slot.shape.size());
  if (dims < 1) node["shape"].fail("at least one dimension");
  if (slot.replicated && slot.shape != Index{1}) node["shape"].fail("[1]");
  slot.offset = node["offset"].sizes(dims);
  slot.extent = node["extent"].sizes(dims);
  slot.haloLo = node["haloLo"].sizes(dims);
  slot.haloHi = node["haloHi"].sizes(dims);
  slot.alignAt = node["alignAt"].integer();
  return slot;
}

class Reader {
 public:
  explicit Reader(const Node& root) {
    if (root["version"].integer() != 1) root["version"].fail("1");
    plan_.key = root["key"].string();
    plan_.label = root["label"].string();
    plan_.params = root["params"].small(0, kMany);
    plan_.threads = root["threads"].small(1, kMany);
    plan_.odf = root["odf"].small(1, kMany);
    if (root.has("ints")) plan_.ints = root["ints"].indices(-1);
    plan_.slots = root["slots"].list(readSlot);
    plan_.bound = root["bound"].small(0, slots() + 1);
    for (size_t s = 0; s < plan_.slots.size(); ++s) {
      if (plan_.slots[s].temp != (s >= static_cast<size_t>(plan_.bound))) root["slots"].fail("temporaries last");
    }
    plan_.kernels = root["kernels"].list([this](const Node& node) { return readKernel(node); });
    plan_.waves = root["waves"].list([this](const Node& node) { return readWave(node); });
    if (root.has("joins")) {
      plan_.joins = root["joins"].list([this](const Node& node) { return readJoin(node); });
      for (size_t j = 1; j < plan_.joins.size(); ++j) {
        const Join& before = plan_.joins[j - 1];
        if (before.first + before.waves > plan_.joins[j].first) root["joins"].fail("joins in order, apart");
      }
    }
    if (root.has("march")) plan_.march = readMarch(root["march"]);
    if (root.has("loop")) plan_.loop = readLoop(root["loop"]);
  }
  Plan take() { return std::move(plan_); }

 private:
  int64_t slots() const { return static_cast<int64_t>(plan_.slots.size()); }
  int64_t integers() const { return static_cast<int64_t>(plan_.ints.size()); }

  PlanKernel readKernel(const Node& node) {
    PlanKernel kernel;
    kernel.key = node["key"].string();
    kernel.symbol = node["symbol"].string();
    kernel.dims = node["dims"].small(1, 16);
    kernel.slots = node["slots"].list([this](const Node& slot) { return slot.small(kBuffer, slots()); });
    if (node.has("starts")) {
      kernel.starts = node["starts"].list([](const Node& start) { return start.indices(-1); },
                                          static_cast<int64_t>(kernel.slots.size()));
      for (size_t k = 0; k < kernel.starts.size(); ++k) {
        const bool fits =
            kernel.slots[k] == kBuffer || kernel.starts[k].size() == plan_.slots[kernel.slots[k]].shape.size();
        if (!fits) node["starts"].fail("one entry per dimension of each field");
      }
    }
    kernel.streams = node["streams"].list([&kernel](const Node& entry) {
      const int place = entry.small(0, static_cast<int64_t>(kernel.slots.size()));
      if (kernel.slots[place] == kBuffer) entry.fail("a field's place");
      return place;
    });
    return kernel;
  }

  Part readPart(const Node& node) {
    Part part;
    part.slot = node["slot"].small(0, slots());
    const auto dims = static_cast<int64_t>(plan_.slots[part.slot].shape.size());
    part.origin = node["origin"].indices(dims);
    part.axes = node["axes"].list([dims](const Node& axis) {
      return PartAxis{axis["dim"].small(0, dims), axis["step"].integer(), axis["count"].integer(0, int64_t{1} << 62)};
    });
    part.halo = node["halo"].small(-1, slots());
    if (node.has("moves")) {
      part.moves = node["moves"].list([this, dims](const Node& move) {
        return PartMove{move["dim"].small(0, dims), move["int"].small(0, integers())};
      });
    }
    return part;
  }

  Message readMessage(const Node& node) {
    return {node["peer"].small(0, kMany), node["parts"].list([this](const Node& part) { return readPart(part); })};
  }

  Exchange readExchange(const Node& node) {
    const auto message = [this](const Node& entry) { return readMessage(entry); };
    const auto move = [this](const Node& entry) { return LocalMove{readPart(entry["from"]), readPart(entry["to"])}; };
    return {node["sends"].list(message), node["recvs"].list(message), node["locals"].list(move)};
  }

  static Box readBox(const Node& node, int dims) {
    return node.list(
        [](const Node& range) {
          const Index pair = range.indices(2);
          if (pair[0] > pair[1]) range.fail("lo <= hi");
          return std::pair(pair[0], pair[1]);
        },
        dims);
  }

  Task readTask(const Node& node) {
    Task task;
    task.kernel = node["kernel"].small(0, static_cast<int64_t>(plan_.kernels.size()));
    const int dims = plan_.kernels[task.kernel].dims;
    const auto box = [dims](const Node& entry) { return readBox(entry, dims); };
    task.interior = node["interior"].list(box);
    task.boundary = node["boundary"].list(box);
    task.bias = node["bias"].indices(dims);
    task.firstParam = node["firstParam"].small(0, plan_.params + 1);
    task.constants = node["constants"].indices(-1);
    if (node.has("blockRows")) task.blockRows = node["blockRows"].integer(1, kMany);
    if (task.blockRows > 0 && dims < 3) node["blockRows"].fail("none below three dimensions");
    if (node.has("moves")) {
      task.moves = node["moves"].list([this, &task, dims](const Node& move) {
        const std::string what = move["what"].string();
        const bool constant = what == "constant";
        if (!constant && what != "box" && what != "bias") move["what"].fail("'box', 'bias' or 'constant'");
        const auto places = constant ? static_cast<int64_t>(task.constants.size()) : int64_t{dims};
        return Move{constant        ? Move::What::constant
                    : what == "box" ? Move::What::box
                                    : Move::What::bias,
                    move["index"].small(0, places), move["int"].small(0, integers()), move["by"].integer()};
      });
    }
    if (node.has("reductions")) {
      task.reductions = node["reductions"].list([this, dims](const Node& entry) { return readReduction(entry, dims); });
    }
    const std::vector<int>& kernelSlots = plan_.kernels[task.kernel].slots;
    for (size_t k = 0; k < kernelSlots.size(); ++k) {
      const bool isBuffer = kernelSlots[k] == kBuffer;
      if (isBuffer != (k + task.reductions.size() >= kernelSlots.size())) node.fail("one reduction per buffer, last");
    }
    for (const TaskReduction& reduction : task.reductions) {
      if (!reduction.source) continue;
      const auto place = static_cast<size_t>(reduction.source->place);
      if (place + task.reductions.size() >= kernelSlots.size()) node["reductions"].fail("a source among the fields");
      const PlanSlot& slot = plan_.slots[kernelSlots[place]];
      const bool floats = slot.dtype == DType::f64 || slot.dtype == DType::f32;
      if (slot.shape.size() != static_cast<size_t>(dims) || floats != (reduction.of == DType::f64)) {
        node["reductions"].fail("a source of the kernel's dimensions and the buffer's type");
      }
    }
    return task;
  }

  TaskReduction readReduction(const Node& node, int dims) {
    static constexpr std::pair<const char*, ReduceFn> kNames[] = {
        {"sum", ReduceFn::sum},       {"min", ReduceFn::min},       {"max", ReduceFn::max},
        {"argmin", ReduceFn::argmin}, {"argmax", ReduceFn::argmax}, {"prod", ReduceFn::prod}};
    const std::string name = node["fn"].string();
    const auto* fn =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& one) { return one.first == name; });
    if (fn == std::end(kNames)) node["fn"].fail("a reduction");
    const int into = node["into"].small(0, slots());
    const auto of = dtypeNamed(node["of"].string());
    if (of != DType::f64 && of != DType::i64) node["of"].fail("'f64' or 'i64'");
    TaskReduction reduction{fn->second, *of, into, node["first"].integer(), node["steps"].indices(dims), {}, {}, {}};
    if (node.has("source")) {
      const Node source = node["source"];
      reduction.source = {source["place"].small(0, kMany), source["shift"].indices(dims)};
    }
    if (node.has("axes")) {
      reduction.axes = node["axes"].list([dims](const Node& axis) { return axis.integer(0, dims); });
      reduction.dims = node["dims"].list([dims](const Node& dim) { return dim.integer(-1, dims); },
                                         static_cast<int64_t>(plan_.slots[into].shape.size()));
      if (reduction.axes.empty()) node["axes"].fail("at least one axis");
    } else if (!plan_.slots[into].replicated || (fn->second == ReduceFn::prod && of == DType::f64)) {
      node["into"].fail("a Scalar's slot, and no prod of floats");
    }
    return reduction;
  }

  Wave readWave(const Node& node) {
    Wave wave;
    if (const Node exchange = node["exchange"]; !exchange.isNull()) wave.exchange = readExchange(exchange);
    wave.tasks = node["tasks"].list([this](const Node& task) { return readTask(task); });
    wave.writes = node["writes"].list([this](const Node& slot) { return slot.small(0, slots()); });
    return wave;
  }

  PlanLoop readLoop(const Node& node) {
    PlanLoop loop;
    const auto places =
        static_cast<int64_t>(node["next"].list([](const Node& entry) { return entry.integer(); }).size());
    loop.next = node["next"].list([places](const Node& entry) { return entry.small(0, places); });
    std::vector<bool> taken(loop.next.size());
    for (const int place : loop.next) {
      if (taken[place]) node["next"].fail("a permutation");
      taken[place] = true;
    }
    if (places != plan_.bound) node["next"].fail("a place for every bound slot");
    if (const Node chain = node["chain"]; !chain.isNull()) loop.chain = readChain(chain);
    if (node.has("trials")) {
      loop.trials = node["trials"].list(
          [this](const Node& trial) { return trial.isNull() ? std::nullopt : std::optional(readChain(trial)); });
    }
    if (node.has("remembered")) {
      loop.remembered = node["remembered"].small(-1, static_cast<int64_t>(loop.trials.size()));
    }
    return loop;
  }

  PlanMarch readMarch(const Node& node) {
    PlanMarch march{node["width"].integer(1, kMany), {}};
    const Node along = node["along"];
    march.along =
        along.list([](const Node& wave) { return wave.list([](const Node& dim) { return dim.small(0, kMany); }); },
                   static_cast<int64_t>(plan_.waves.size()));
    std::optional<int64_t> length;
    for (size_t w = 0; w < plan_.waves.size(); ++w) {
      const Wave& wave = plan_.waves[w];
      if (wave.exchange || march.along[w].size() != wave.tasks.size()) along.fail("a dimension per task, no exchange");
      for (size_t t = 0; t < wave.tasks.size(); ++t) {
        const Task& task = wave.tasks[t];
        const int dim = march.along[w][t];
        const bool fits = dim < plan_.kernels[task.kernel].dims && task.interior.size() <= 1 && task.boundary.empty() &&
                          task.reductions.empty();
        if (!fits) along.fail("dimensions of tasks of one box that reduce nothing");
        if (task.interior.empty()) continue;
        const auto [lo, hi] = task.interior.front()[static_cast<size_t>(dim)];
        if (length && *length != hi - lo) along.fail("strips of one length");
        length = hi - lo;
      }
    }
    return march;
  }

  Join readJoin(const Node& node) {
    const auto waves = static_cast<int64_t>(plan_.waves.size());
    Join join;
    join.first = node["first"].small(0, waves);
    join.waves = node["waves"].small(1, waves - join.first + 1);
    join.chain = readChain(node["chain"]);
    if (join.chain.steps != 1) node["chain"].fail("one step");
    for (const Stage& stage : join.chain.stages) {
      if (stage.wave < join.first || stage.wave >= join.first + join.waves) node["chain"].fail("stages of its waves");
    }
    return join;
  }

  Chain readChain(const Node& node) {
    Chain chain;
    chain.steps = node["steps"].small(1, kMany);
    chain.height = node["height"].integer(1, kMany);
    chain.width = node["width"].integer(1, kMany);
    chain.rows = node["rows"].integer(1, kMany);
    chain.alignAt = node["alignAt"].integer();
    chain.grain = node["grain"].list([](const Node& entry) { return entry.integer(1, kMany); });
    const auto tiled = static_cast<int64_t>(chain.grain.size());
    chain.stages = node["stages"].list([&](const Node& entry) { return readStage(entry, tiled); });
    if (chain.stages.size() % static_cast<size_t>(chain.steps) != 0) node["stages"].fail("equally many in each step");
    if (const Node exchange = node["exchange"]; !exchange.isNull()) chain.exchange = readExchange(exchange);
    return chain;
  }

  Stage readStage(const Node& node, int64_t tiled) {
    Stage stage;
    stage.wave = node["wave"].small(0, static_cast<int64_t>(plan_.waves.size()));
    const std::vector<Task>& tasks = plan_.waves[stage.wave].tasks;
    stage.task = node["task"].small(0, static_cast<int64_t>(tasks.size()));
    const Task& task = tasks[stage.task];
    // A chain gives kernels fields of the Plan alone, at its own positions.
    if (!task.reductions.empty() || !task.moves.empty()) node["task"].fail("a task that neither reduces nor moves");
    const int dims = plan_.kernels[task.kernel].dims;
    stage.lag = node["lag"].sizes(tiled);
    if (tiled < 1 || tiled > std::min(dims, 2)) node["lag"].fail("one or two of the loop's dimensions");
    stage.lead = node.has("lead") ? node["lead"].indices(tiled) : Index(static_cast<size_t>(tiled), 0);
    stage.stride = node["stride"].list([](const Node& entry) { return entry.integer(1, kMany); }, dims);
    if (const Node box = node["box"]; !box.isNull()) stage.box = readBox(box, dims);
    if (const Node inner = node["inner"]; !inner.isNull()) stage.inner = readBox(inner, dims);
    return stage;
  }

  Plan plan_;
};

}  // namespace

Plan parsePlan(std::string_view text) {
  auto value = json::parse(llvm::StringRef(text.data(), text.size()));
  if (!value) throw std::invalid_argument("plan: not JSON: " + llvm::toString(value.takeError()));
  return Reader(Node(&*value, "plan")).take();
}

}  // namespace quadrille
