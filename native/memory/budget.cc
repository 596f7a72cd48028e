// See budget.h. Reads /proc and the control groups (v1 and v2).
#include "memory/budget.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "error.h"

namespace quadrille {

namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();
// Below this a promise is counted, but /proc is not read again: scratch fields stay cheap.
constexpr int64_t kSmall = int64_t{1} << 20;

std::atomic<int64_t> promisedUntouched{0};
std::atomic<int64_t> held{0};  // promised to fields alive, touched or not
std::atomic<int64_t> share{kUnlimited};

// First number in a file ("max" and absent files: `otherwise`).
int64_t readNumber(const std::string& path, int64_t otherwise) {
  std::ifstream file(path);
  uint64_t value = 0;
  if (!(file >> value)) return otherwise;
  return value > static_cast<uint64_t>(kUnlimited) ? kUnlimited : static_cast<int64_t>(value);
}

// `name value` or `name: value kB` lines.
int64_t readEntry(const std::string& path, const std::string& name, int64_t otherwise) {
  std::ifstream file(path);
  std::string word;
  int64_t value = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    if (words >> word >> value && word == name) return value;
  }
  return otherwise;
}

struct GroupFiles {
  const char *limit, *usage, *inactive;
};
constexpr GroupFiles kVersion1{"/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"};
constexpr GroupFiles kVersion2{"/memory.max", "/memory.current", "inactive_file"};

// What one group leaves. File cache that can be dropped does not count as used.
int64_t groupRoom(const std::string& directory, const GroupFiles& files) {
  const int64_t limit = readNumber(directory + files.limit, kUnlimited);
  if (limit == kUnlimited) return kUnlimited;
  const int64_t used =
      readNumber(directory + files.usage, 0) - readEntry(directory + "/memory.stat", files.inactive, 0);
  return limit - std::max<int64_t>(used, 0);
}

// The group and all its ancestors. Inside a container the path may not exist below the mount; then the mount is it.
int64_t hierarchyRoom(const std::string& mount, std::string group, const GroupFiles& files) {
  int64_t room = groupRoom(mount, files);
  while (group.size() > 1) {
    room = std::min(room, groupRoom(mount + group, files));
    group.resize(group.rfind('/'));
  }
  return room;
}

int64_t controlGroupRoom() {
  int64_t room = kUnlimited;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    // hierarchy:controllers:path
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (controllers == ",,") {
      room = std::min(room, hierarchyRoom("/sys/fs/cgroup", path, kVersion2));
    } else if (controllers.find(",memory,") != std::string::npos) {
      room = std::min(room, hierarchyRoom("/sys/fs/cgroup/memory", path, kVersion1));
    }
  }
  return room;
}

int64_t systemRoom() {
  const int64_t kilobytes = readEntry("/proc/meminfo", "MemAvailable:", kUnlimited / 1024);
  return std::min(kilobytes * 1024, controlGroupRoom());
}

}  // namespace

int64_t memoryAvailable() {
  const int64_t system = systemRoom();
  // The margin: V8's heap, kernels, message buffers, page tables.
  const int64_t margin = (int64_t{32} << 20) + system / 64;
  const int64_t room = std::min(system - promisedUntouched, share - held) - margin;
  return std::max<int64_t>(room, 0);
}

void shareMemoryAmong(int localRanks) { share = localRanks > 1 ? systemRoom() / localRanks + held : kUnlimited; }

Promise::Promise(int64_t bytes) : bytes_(bytes) {
  if (bytes > kSmall) {
    const int64_t available = memoryAvailable();
    if (bytes > available) throw OutOfMemory(bytes, available);
  }
  promisedUntouched += bytes_;
  held += bytes_;
}

Promise::Promise(Promise&& other) noexcept
    : bytes_(std::exchange(other.bytes_, 0)), touched_(std::exchange(other.touched_, false)) {}

Promise& Promise::operator=(Promise&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(touched_, other.touched_);
  return *this;
}

Promise::~Promise() {
  held -= bytes_;
  if (!touched_) promisedUntouched -= bytes_;
}

void Promise::touched() {
  if (touched_) return;
  touched_ = true;
  promisedUntouched -= bytes_;
}

}  // namespace quadrille
