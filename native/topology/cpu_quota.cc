// In: /proc/self/cgroup and the cgroup file systems; out: the CPU quota in cores. A container with `--cpus=2` on a
// 64-core host is bound to 64 cores: a team of 64 would be throttled for most of each period.
#include "cpu_quota.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace quadrille {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

// v2: "max 100000" or "200000 100000" (quota, period).
double readV2(const std::string& dir) {
  std::ifstream file(dir + "/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return kNone;
  return std::strtod(quota.c_str(), nullptr) / period;
}

// v1: two files, quota -1 where there is none.
double readV1(const std::string& dir) {
  double quota = -1, period = 0;
  std::ifstream(dir + "/cpu.cfs_quota_us") >> quota;
  std::ifstream(dir + "/cpu.cfs_period_us") >> period;
  return quota > 0 && period > 0 ? quota / period : kNone;
}

// A parent's quota binds its children too. Inside a container the path may be the host's: then only the root is found.
template <double (*read)(const std::string&)>
double leastUpwards(const std::string& root, std::string path) {
  double least = read(root);
  while (!path.empty() && path != "/") {
    least = std::min(least, read(root + path));
    path.resize(path.rfind('/'));
  }
  return least;
}

}  // namespace

double cpuQuota() {
  double least = kNone;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "hierarchy:controllers:path"
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (path.empty() || path[0] != '/') continue;
    if (controllers == ",,") {
      least = std::min(least, leastUpwards<readV2>("/sys/fs/cgroup", path));
    } else if (controllers.find(",cpu,") != std::string::npos) {
      least = std::min(least, leastUpwards<readV1>("/sys/fs/cgroup/cpu", path));
    }
  }
  return least;
}

}  // namespace quadrille
