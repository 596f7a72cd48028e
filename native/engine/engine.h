// Kernels by key: compiled or loaded on a thread of their own, waited for by the executor when first needed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/linker.h"
#include "engine/maths.h"
#include "engine/object_cache.h"

namespace quadrille {

class CodeGenerator;

// One kernel; its code lives as long as somebody holds it.
class Kernel {
 public:
  // Waits until compiled. Throws CompileError with the reason it could not be.
  KernelFn wait() const;
  // After wait(): the form for sweeps larger than the caches (engine/streaming.h), null if there is none.
  KernelFn streaming() const;

 private:
  friend class Engine;
  void become(LinkedCode code);
  void fail(const std::string& reason);

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::atomic<KernelFn> ready_{nullptr};
  std::optional<LinkedCode> code_;
  std::string failure_;
  bool failed_ = false;
};

struct EngineStats {
  double compileSeconds;
  int64_t compiled, fromDisk;
};

// Thread-safe.
class Engine {
 public:
  Engine(const std::optional<std::string>& cacheDir, MathsKind maths);
  ~Engine();
  // Ends the compiler thread after the job at hand; kernels not begun by then never become ready.
  void stop();

  // True if in memory or valid on disk (then loading begins).
  bool has(const std::string& key);
  // Compiles unless it is already there.
  void compile(const std::string& key, const std::string& symbol, std::vector<std::byte> bitcode, bool contract);
  void drop(const std::string& key);
  // Throws UsageError for a key that was neither compiled nor found.
  std::shared_ptr<const Kernel> find(const std::string& key) const;
  EngineStats stats() const;

 private:
  // Either bitcode to compile or an object to link.
  struct Job {
    std::shared_ptr<Kernel> kernel;
    std::string key, symbol;
    std::vector<std::byte> bitcode;
    bool contract = false;
    std::unique_ptr<llvm::MemoryBuffer> object;
  };
  void push(Job job);
  void work();
  void run(Job& job);

  MathsKind maths_;
  std::optional<ObjectCache> cache_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stop_ = false;
  std::unordered_map<std::string, std::shared_ptr<Kernel>> kernels_;
  std::atomic<int64_t> nanoseconds_{0}, compiled_{0}, fromDisk_{0};

  // Of the compiler thread only.
  std::unique_ptr<Linker> linker_;
  std::unique_ptr<CodeGenerator> generator_;
  std::thread thread_;
};

}  // namespace quadrille
