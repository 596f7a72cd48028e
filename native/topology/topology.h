// What this process may run on: its hardware threads, their cores and caches, and the CPU time its control group
// grants. In: the machine and the binding the launcher gave; out: plain numbers.
#pragma once

#include <cstdint>
#include <vector>

namespace quadrille {

struct CpuSet {
  std::vector<int> pus;    // OS indices of the hardware threads this process is bound to
  std::vector<int> cores;  // for each of them the core it belongs to, unique on the node
  double quota;            // CPU time in cores (cgroup); infinity where there is no limit
};

struct Topology {
  int cores;  // bound cores, not more than the quota grants, at least 1
  int64_t l2Bytes, l3Bytes;
  CpuSet cpus;
};

// Reads the calling thread's binding: call it on the main thread. Throws std::runtime_error if hwloc cannot look.
Topology readTopology();

}  // namespace quadrille
