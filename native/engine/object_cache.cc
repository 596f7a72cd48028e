// See object_cache.h. File: magic, checksum of all that follows, length of identity, identity, object code.
#include "engine/object_cache.h"

#include <fcntl.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/xxhash.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <system_error>
#include <vector>

#include "engine/fixup.h"
#include "engine/target.h"
#include "error.h"

namespace quadrille {

namespace fs = std::filesystem;

namespace {

constexpr char kMagic[8] = {'Q', 'U', 'A', 'D', 'O', 'B', 'J', '1'};

struct Header {
  char magic[8];
  uint64_t checksum;  // of everything after this field
  uint64_t identityBytes;
};
constexpr size_t kCheckedFrom = offsetof(Header, identityBytes);

uint64_t checksum(llvm::StringRef bytes) {
  return llvm::xxh3_64bits(llvm::ArrayRef(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
}

// Closes on scope exit.
struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

bool writeAll(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

[[noreturn]] void refuse(const fs::path& directory, const std::string& reason) {
  throw Error("FILE_ACCESS", "the kernel cache '" + directory.string() + "' cannot be used: " + reason +
                                 "; QUADRILLE_CACHE_DIR names another, QUADRILLE_CACHE=off does without");
}

}  // namespace

ObjectCache::ObjectCache(fs::path directory, MathsKind maths, uintmax_t limitBytes)
    : directory_(std::move(directory)), maths_(maths), limitBytes_(limitBytes) {
  std::error_code problem;
  if (directory_.has_parent_path()) fs::create_directories(directory_.parent_path(), problem);
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) refuse(directory_, std::strerror(errno));
  struct stat status{};
  if (::stat(directory_.c_str(), &status) != 0) refuse(directory_, std::strerror(errno));
  if (!S_ISDIR(status.st_mode)) refuse(directory_, "it is not a directory");
  // Its files are run as code: nobody else may write here.
  if (status.st_uid != ::geteuid()) refuse(directory_, "it belongs to another user");
  if ((status.st_mode & 0777) != 0700 && ::chmod(directory_.c_str(), 0700) != 0) {
    refuse(directory_, std::strerror(errno));
  }
}

std::string ObjectCache::identity(const std::string& key) const {
  return "quadrille fix-up " + std::to_string(fixUpVersion) + "\nllvm " + llvmVersion() + "\ncpu " + hostCpu().name +
         "\nfeatures " + hostCpu().features + "\nmaths " + nameOf(maths_) + "\nkey " + key + "\n";
}

// The name holds a hash of the machine too, so that unlike nodes with one home directory do not replace each other's.
fs::path ObjectCache::path(const std::string& key) const {
  char machine[17];
  std::snprintf(machine, sizeof machine, "%016lx", static_cast<unsigned long>(checksum(identity(""))));
  return directory_ / (key + "-" + machine + ".obj");
}

std::unique_ptr<llvm::MemoryBuffer> ObjectCache::load(const std::string& key) const {
  const fs::path file = path(key);
  // Not mapped: another process may truncate a damaged file while we read it.
  auto read = llvm::MemoryBuffer::getFile(file.string(), /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                          /*IsVolatile=*/true);
  struct stat status{};
  // It is run as code. Others may have put it there before the directory was closed to them.
  if (!read || ::stat(file.c_str(), &status) != 0 || status.st_uid != ::geteuid()) return nullptr;
  const llvm::StringRef bytes = (*read)->getBuffer();
  Header header;
  if (bytes.size() < sizeof header) return nullptr;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return nullptr;
  if (header.checksum != checksum(bytes.drop_front(kCheckedFrom))) return nullptr;
  const std::string expected = identity(key);
  const llvm::StringRef rest = bytes.drop_front(sizeof header);
  if (header.identityBytes != expected.size() || !rest.starts_with(expected)) return nullptr;
  // Mark as used, for trim(); once a day is enough, and spares shared file systems the writes.
  if (::time(nullptr) - status.st_mtime > 86400) ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);
  return llvm::MemoryBuffer::getMemBufferCopy(rest.drop_front(expected.size()), key);
}

void ObjectCache::store(const std::string& key, const llvm::MemoryBuffer& object) const {
  static std::atomic<unsigned> serial{0};
  const std::string name = identity(key);
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.identityBytes = name.size();
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += name;
  bytes.append(object.getBufferStart(), object.getBufferSize());
  header.checksum = checksum(llvm::StringRef(bytes).drop_front(kCheckedFrom));
  std::memcpy(bytes.data(), &header, sizeof header);

  // Written aside and renamed: readers, on this rank or another, see all of it or none.
  char host[64] = "";
  ::gethostname(host, sizeof host - 1);
  const fs::path aside =
      directory_ / (std::string(host) + "." + std::to_string(::getpid()) + "." + std::to_string(++serial) + ".tmp");
  {
    const File file{::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (file.fd < 0) return;
    if (writeAll(file.fd, bytes.data(), bytes.size()) && ::rename(aside.c_str(), path(key).c_str()) == 0) return;
  }
  ::unlink(aside.c_str());
}

void ObjectCache::trim() const {
  struct Entry {
    fs::path path;
    fs::file_time_type used;
    uintmax_t bytes;
  };
  std::vector<Entry> entries;
  uintmax_t total = 0;
  std::error_code problem;
  const auto now = fs::file_time_type::clock::now();
  // No range-for: its ++ throws where a directory cannot be read to its end.
  for (fs::directory_iterator item(directory_, problem), end; !problem && item != end; item.increment(problem)) {
    // Other processes remove files meanwhile: whatever cannot be asked is passed over.
    std::error_code gone;
    const auto used = item->last_write_time(gone);
    if (gone) continue;
    const auto bytes = item->file_size(gone);
    if (gone) continue;
    if (item->path().extension() == ".tmp") {
      if (now - used > std::chrono::hours(1)) fs::remove(item->path(), gone);
    } else if (item->path().extension() == ".obj" || item->path().extension() == ".fact") {
      entries.push_back({item->path(), used, bytes});
      total += bytes;
    }
  }
  if (total <= limitBytes_) return;
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (total <= limitBytes_ / 4 * 3) break;  // some room, so that the next store does not trim again
    fs::remove(entry.path, problem);
    total -= entry.bytes;
  }
}

}  // namespace quadrille
