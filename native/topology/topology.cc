// In: hwloc's view of the machine and the calling thread's binding; out: Topology.
#include "topology.h"

#include <hwloc.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "cpu_quota.h"

namespace quadrille {
namespace {

struct FreeTopology {
  void operator()(hwloc_topology_t t) const { hwloc_topology_destroy(t); }
};
struct FreeBitmap {
  void operator()(hwloc_bitmap_t b) const { hwloc_bitmap_free(b); }
};
using TopologyHandle = std::unique_ptr<std::remove_pointer_t<hwloc_topology_t>, FreeTopology>;
using Bitmap = std::unique_ptr<std::remove_pointer_t<hwloc_bitmap_t>, FreeBitmap>;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string("hwloc: ") + what + ": " + std::strerror(errno));
}

// Cores and caches only: no PCI, no I/O. That keeps the load at a few milliseconds, in every start of a solver.
TopologyHandle load() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) fail("cannot initialise");
  TopologyHandle topology(raw);
  hwloc_topology_set_all_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_NONE);
  for (const hwloc_obj_type_t type : {HWLOC_OBJ_CORE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE}) {
    hwloc_topology_set_type_filter(raw, type, HWLOC_TYPE_FILTER_KEEP_ALL);
  }
  if (hwloc_topology_load(raw) != 0) fail("cannot read the machine's topology");
  return topology;
}

int64_t cacheBytes(hwloc_topology_t topology, hwloc_obj_t pu, hwloc_obj_type_t type) {
  const hwloc_obj_t cache = hwloc_get_ancestor_obj_by_type(topology, type, pu);
  return cache == nullptr ? 0 : static_cast<int64_t>(cache->attr->cache.size);
}

}  // namespace

Topology readTopology() {
  const TopologyHandle handle = load();
  hwloc_topology_t topology = handle.get();
  const Bitmap bound(hwloc_bitmap_alloc());
  if (hwloc_get_cpubind(topology, bound.get(), HWLOC_CPUBIND_THREAD) != 0) {
    hwloc_bitmap_copy(bound.get(), hwloc_topology_get_allowed_cpuset(topology));  // no binding known: all we may use
  }
  Topology result{1, 0, 0, {{}, {}, cpuQuota()}};
  std::set<int> cores;
  for (hwloc_obj_t pu = nullptr; (pu = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, pu)) != nullptr;) {
    if (!hwloc_bitmap_isset(bound.get(), pu->os_index)) continue;
    const hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);
    const int id = static_cast<int>(core == nullptr ? pu->os_index : core->logical_index);
    result.cpus.pus.push_back(static_cast<int>(pu->os_index));
    result.cpus.cores.push_back(id);
    cores.insert(id);
    if (result.l2Bytes == 0) result.l2Bytes = cacheBytes(topology, pu, HWLOC_OBJ_L2CACHE);
    if (result.l3Bytes == 0) result.l3Bytes = cacheBytes(topology, pu, HWLOC_OBJ_L3CACHE);
  }
  const double granted = std::min(static_cast<double>(cores.size()), std::floor(result.cpus.quota));
  result.cores = std::max(1, static_cast<int>(granted));
  return result;
}

}  // namespace quadrille
