// Entry of quadrille_mpi.node (lib/native.ts, NativeMpi): starts and ends MPI, tells ranks and their cores apart, and
// hands the Comm over to quadrille.node. In: N-API calls from the JS thread; out: plain values, errors with MPI's
// words.
#include <mpi.h>
#include <napi.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "mpi_check.h"
#include "mpi_comm.h"
#include "topology/cpu_set_object.h"
#include "topology/fma.h"
#include "topology/topology.h"

namespace quadrille {
namespace {

// One job per process: MPI itself is global.
struct Job {
  std::unique_ptr<MpiComm> comm;
  int localRank = 0, localSize = 1;
  std::vector<CpuSet> localCpus;
  bool allFuse = true;
  bool finalized = false;
};

Job& job() {
  static Job theJob;
  return theJob;
}

MpiComm& started() {
  if (!job().comm) throw MpiError("init() has not been called");
  return *job().comm;
}

double numberFromEnv(const char* name, double byDefault, double least, double most) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return byDefault;
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (*end != '\0' || !(value >= least && value <= most)) {
    throw MpiError(std::string(name) + "='" + text + "' is not a number from " + std::to_string(least) + " to " +
                   std::to_string(most));
  }
  return value;
}

MpiOptions optionsFromEnv() {
  return {.stall = std::chrono::duration<double>(numberFromEnv("QUADRILLE_STALL_SECONDS", 2.0, 0.01, 1e6)),
          .chunkBytes = static_cast<size_t>(numberFromEnv("QUADRILLE_MPI_CHUNK", INT_MAX, 1, INT_MAX)),
          // Containers are given 64 MB of shared memory, of which MPI takes some.
          .sharedBytes = static_cast<size_t>(numberFromEnv("QUADRILLE_SHARED_BYTES", 32 << 20, 0, 1e12))};
}

void startMpi() {
  int running = 0;
  check(MPI_Initialized(&running), "MPI_Initialized");
  if (running != 0)
    throw MpiError("MPI already runs in this process (is quadrille loaded in a worker thread as well?)");
  int provided = MPI_THREAD_SINGLE;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided), "MPI_Init_thread");
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN);
  if (provided < MPI_THREAD_SERIALIZED) {
    throw MpiError("this MPI does not allow calls from more than one thread (MPI_THREAD_SERIALIZED)");
  }
}

std::vector<int> gatherInts(MPI_Comm comm, const std::vector<int>& mine, std::vector<int>& counts) {
  const int count = static_cast<int>(mine.size());
  check(MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm), "MPI_Allgather");
  std::vector<int> starts(counts.size());
  int total = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    starts[i] = total;
    total += counts[i];
  }
  std::vector<int> all(static_cast<size_t>(total));
  check(MPI_Allgatherv(mine.data(), count, MPI_INT, all.data(), counts.data(), starts.data(), MPI_INT, comm),
        "MPI_Allgatherv");
  return all;
}

// What every rank on this node may run on, by local rank.
void gatherLocal(MPI_Comm world) {
  MPI_Comm local = MPI_COMM_NULL;
  check(MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local), "MPI_Comm_split_type");
  check(MPI_Comm_rank(local, &job().localRank), "MPI_Comm_rank");
  check(MPI_Comm_size(local, &job().localSize), "MPI_Comm_size");
  const CpuSet mine = readTopology().cpus;
  std::vector<int> counts(static_cast<size_t>(job().localSize));
  const std::vector<int> pus = gatherInts(local, mine.pus, counts);
  const std::vector<int> cores = gatherInts(local, mine.cores, counts);
  std::vector<double> quotas(counts.size());
  check(MPI_Allgather(&mine.quota, 1, MPI_DOUBLE, quotas.data(), 1, MPI_DOUBLE, local), "MPI_Allgather");
  check(MPI_Comm_free(&local), "MPI_Comm_free");
  auto pu = pus.begin(), core = cores.begin();
  for (size_t i = 0; i < counts.size(); ++i) {
    job().localCpus.push_back({{pu, pu + counts[i]}, {core, core + counts[i]}, quotas[i]});
    pu += counts[i];
    core += counts[i];
  }
}

// Mathematical functions round differently without fused multiply-adds: one processor without, and all do without.
void askWhoFuses(MPI_Comm world) {
  int least = fusesMultiplyAdds() ? 1 : 0;
  check(MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_INT, MPI_MIN, world), "MPI_Allreduce");
  job().allFuse = least != 0;
}

// More ranks than hardware threads they may use together: waiting ranks must not spin.
bool isCrowded() {
  std::vector<bool> used;
  for (const CpuSet& cpus : job().localCpus) {
    for (const int pu : cpus.pus) {
      if (static_cast<size_t>(pu) >= used.size()) used.resize(static_cast<size_t>(pu) + 1);
      used[static_cast<size_t>(pu)] = true;
    }
  }
  const auto pus = std::count(used.begin(), used.end(), true);
  return job().localSize > pus || job().localSize > job().localCpus[0].quota;
}

Napi::Value init(const Napi::CallbackInfo& info) {
  const MpiOptions options = optionsFromEnv();
  startMpi();
  gatherLocal(MPI_COMM_WORLD);
  askWhoFuses(MPI_COMM_WORLD);
  job().comm = std::make_unique<MpiComm>(MPI_COMM_WORLD, options);
  job().comm->guard().setCrowded(isCrowded());
  return info.Env().Undefined();
}

Napi::Value rank(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), started().rank()); }
Napi::Value size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), started().size()); }
Napi::Value localRank(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), job().localRank); }
Napi::Value localSize(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), job().localSize); }

Napi::Value everyRankFuses(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), job().allFuse); }

Napi::Value localCpus(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array all = Napi::Array::New(env, job().localCpus.size());
  for (uint32_t i = 0; i < job().localCpus.size(); ++i) all.Set(i, toObject(env, job().localCpus[i]));
  return all;
}

Napi::Value library(const Napi::CallbackInfo& info) {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  check(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
  const std::string whole(text, static_cast<size_t>(length));
  return Napi::String::New(info.Env(), whole.substr(0, whole.find_first_of("\r\n")));
}

Napi::Value comm(const Napi::CallbackInfo& info) {
  // As Comm*, not MpiComm*: the other addon reads it so. Owned by the Job: no finalizer.
  return Napi::External<Comm>::New(info.Env(), &started());
}

Napi::Value sharedWindow(const Napi::CallbackInfo& info) {
  const SharedWindow& window = started().window();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("bytes", Napi::Number::New(info.Env(), static_cast<double>(window.bytes())));
  result.Set("absent", Napi::String::New(info.Env(), window.absent()));
  return result;
}

Napi::Value barrier(const Napi::CallbackInfo& info) {
  started().barrier({.label = info[0].ToString()});
  return info.Env().Undefined();
}

// The executor may be in an MPI call: wait for it to come out, but not for ever, since the job is to end anyway.
Napi::Value abortJob(const Napi::CallbackInfo& info) {
  const int wanted = info[0].ToNumber().Int32Value() & 0xff;
  const int code = wanted == 0 ? 1 : wanted;  // zero would tell the launcher that all is well
  int running = 0, over = 0;
  MPI_Initialized(&running);
  MPI_Finalized(&over);
  if (running != 0 && over == 0) {
    (void)mpiMutex().try_lock_for(std::chrono::seconds(1));  // for good: nothing comes after
    MPI_Abort(MPI_COMM_WORLD, code);
  }
  _exit(code);  // no destructors: other threads still run
}

Napi::Value finalize(const Napi::CallbackInfo& info) {
  if (job().finalized) return info.Env().Undefined();
  job().finalized = true;
  started().close();
  const MpiLock lock(mpiMutex());
  check(MPI_Finalize(), "MPI_Finalize");
  return info.Env().Undefined();
}

// C++ exceptions become JavaScript errors with the same text.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return function(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (const RankDiverged& error) {
    Napi::Error diverged = Napi::Error::New(info.Env(), error.what());
    diverged.Set("code", Napi::String::New(info.Env(), "RANK_DIVERGED"));
    throw diverged;
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

Napi::Object exportAll(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("init", guarded<init>);
  add("rank", guarded<rank>);
  add("size", guarded<size>);
  add("localRank", guarded<localRank>);
  add("localSize", guarded<localSize>);
  add("localCpus", guarded<localCpus>);
  add("everyRankFuses", guarded<everyRankFuses>);
  add("library", guarded<library>);
  add("comm", guarded<comm>);
  add("sharedWindow", guarded<sharedWindow>);
  add("barrier", guarded<barrier>);
  add("abort", guarded<abortJob>);
  add("finalize", guarded<finalize>);
  return exports;
}

}  // namespace
}  // namespace quadrille

static Napi::Object initAddon(Napi::Env env, Napi::Object exports) { return quadrille::exportAll(env, exports); }

NODE_API_MODULE(quadrille_mpi, initAddon)
