// See engine.h.
#include "engine/engine.h"

#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>
#include <cctype>

#include "clock.h"
#include "engine/codegen.h"
#include "error.h"

namespace quadrille {

namespace {

constexpr const char* kStopped = "the engine has stopped";

// One name for all: each kernel is linked into a library of its own, and cached objects fit any process.
const char kEntry[] = "quadrille_kernel";
// Stores between two looks at the cache's size.
constexpr int kTrimEvery = 256;

// Keys become file names.
void checkKey(const std::string& key) {
  const bool safe = !key.empty() && key.size() <= 128 && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
  if (!safe) throw UsageError("'" + key + "' cannot be a kernel's key: letters, digits, _ and -, at most 128");
}

}  // namespace

KernelFn Kernel::wait() const {
  if (const KernelFn function = ready_.load(std::memory_order_acquire)) return function;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failed_ || ready_.load(std::memory_order_relaxed); });
  if (failed_) throw CompileError(failure_);
  return ready_.load(std::memory_order_relaxed);
}

KernelFn Kernel::streaming() const {
  const std::lock_guard lock(mutex_);
  return code_ ? code_->streaming() : nullptr;
}

void Kernel::become(LinkedCode code) {
  const std::lock_guard lock(mutex_);
  code_ = std::move(code);
  ready_.store(code_->function(), std::memory_order_release);
  changed_.notify_all();
}

void Kernel::fail(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  failed_ = true;
  failure_ = reason;
  changed_.notify_all();
}

Engine::Engine(const std::optional<std::string>& cacheDir, MathsKind maths) : maths_(maths) {
  if (cacheDir) cache_.emplace(*cacheDir, maths);
  thread_ = std::thread([this] { work(); });
}

Engine::~Engine() { stop(); }

void Engine::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  // Whoever waits for one of these would wait for ever.
  const std::lock_guard lock(mutex_);
  for (const Job& job : jobs_) job.kernel->fail(kStopped);
  jobs_.clear();
}

bool Engine::has(const std::string& key) {
  checkKey(key);
  {
    const std::lock_guard lock(mutex_);
    if (kernels_.contains(key)) return true;
  }
  if (!cache_) return false;
  auto object = cache_->load(key);
  if (!object) return false;
  push({.kernel = nullptr, .key = key, .symbol = "", .bitcode = {}, .object = std::move(object)});
  return true;
}

void Engine::compile(const std::string& key, const std::string& symbol, std::vector<std::byte> bitcode, bool contract) {
  checkKey(key);
  push({.kernel = nullptr,
        .key = key,
        .symbol = symbol,
        .bitcode = std::move(bitcode),
        .contract = contract,
        .object = nullptr});
}

void Engine::push(Job job) {
  {
    const std::lock_guard lock(mutex_);
    auto [at, isNew] = kernels_.try_emplace(job.key, nullptr);
    if (!isNew) return;
    at->second = std::make_shared<Kernel>();
    job.kernel = at->second;
    if (stop_) return job.kernel->fail(kStopped);
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Engine::drop(const std::string& key) {
  std::shared_ptr<Kernel> last;  // its code goes outside the lock
  const std::lock_guard lock(mutex_);
  const auto at = kernels_.find(key);
  if (at == kernels_.end()) return;
  last = std::move(at->second);
  kernels_.erase(at);
}

std::shared_ptr<const Kernel> Engine::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto at = kernels_.find(key);
  if (at == kernels_.end()) throw UsageError("no kernel has the key '" + key + "'");
  return at->second;
}

EngineStats Engine::stats() const { return {static_cast<double>(nanoseconds_) * 1e-9, compiled_, fromDisk_}; }

void Engine::work() {
  int stores = 0;
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (stop_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    const bool compiles = !job.object;
    try {
      run(job);
    } catch (const std::exception& problem) {
      job.kernel->fail(problem.what());
    }
    // Once early on, since most processes compile only a few; off the path of whoever waits for the kernel.
    if (compiles && cache_ && stores++ % kTrimEvery == 0) cache_->trim();
  }
}

// Statistics first, then the kernel becomes ready, then the disk: whoever waits for it waits for nothing else, and
// finds it counted.
void Engine::run(Job& job) {
  const int64_t begin = nowNs();
  const auto ready = [&](LinkedCode code, std::atomic<int64_t>& count) {
    nanoseconds_ += nowNs() - begin;
    ++count;
    job.kernel->become(std::move(code));
  };
  if (!linker_) linker_ = std::make_unique<Linker>(maths_);
  if (job.object) {
    ready(linker_->link(std::move(job.object), kEntry), fromDisk_);
    return;
  }
  if (!generator_) generator_ = std::make_unique<CodeGenerator>(maths_);
  auto object = generator_->compile(job.bitcode, job.symbol, kEntry, job.contract);
  const auto kept = llvm::MemoryBuffer::getMemBufferCopy(object->getBuffer(), job.key);
  ready(linker_->link(std::move(object), kEntry), compiled_);
  if (cache_) cache_->store(job.key, *kept);
}

}  // namespace quadrille
