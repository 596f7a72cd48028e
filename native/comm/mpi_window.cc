// See mpi_window.h.
#include "mpi_window.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <new>
#include <numeric>

#include "mpi_check.h"

namespace quadrille {

namespace {

// A rank's share of the node's memory for this, at most: some halos of 32 rows of 8192 numbers (2 MB).
constexpr size_t kMostPerRank = size_t{16} << 20;
constexpr size_t kPage = 4096;

// Open MPI 4.1 finds out on one rank of the node that there is no memory, while the others wait for that one to go on:
// so look before. Where shared memory lies elsewhere, MPI must know.
void checkRoom(uint64_t bytes) {
  struct statvfs there;
  if (statvfs("/dev/shm", &there) != 0) return;
  if (static_cast<uint64_t>(there.f_bavail) * there.f_frsize < bytes) {
    throw MpiError("/dev/shm has no room for " + std::to_string((bytes + (1 << 20) - 1) >> 20) + " MB");
  }
}

// MPI promises a Head less than it needs. Where a segment begins within its page is the same in every process.
std::byte* alignedForHead(void* base) {
  const auto address = reinterpret_cast<uintptr_t>(base);
  const uintptr_t over = address % alignof(SharedWindow::Head);
  return static_cast<std::byte*>(base) + (over == 0 ? 0 : alignof(SharedWindow::Head) - over);
}

}  // namespace

SharedWindow::SharedWindow(MPI_Comm world, size_t bytesPerNode) {
  int size = 0, localSize = 0, rank = 0;
  check(MPI_Comm_size(world, &size), "MPI_Comm_size");
  check(MPI_Comm_rank(world, &rank), "MPI_Comm_rank");
  segments_.resize(static_cast<size_t>(size));
  MPI_Comm local = MPI_COMM_NULL;
  check(MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local), "MPI_Comm_split_type");
  check(MPI_Comm_set_errhandler(local, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check(MPI_Comm_size(local, &localSize), "MPI_Comm_size");
  // One allocation for all, of one size: what the ranks were told may differ.
  uint64_t bytes = std::min(kMostPerRank, bytesPerNode / static_cast<size_t>(localSize)) / kPage * kPage;
  check(MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_UINT64_T, MPI_MIN, local), "MPI_Allreduce");
  segmentBytes_ = bytes;
  if (localSize == 1) {
    absent_ = "no two ranks are on this node";
  } else if (bytes == 0) {
    absent_ = "QUADRILLE_SHARED_BYTES gives less than a page to a rank";
  } else {
    if (agree(local, [&] { checkRoom((segmentBytes_ + kPage) * static_cast<size_t>(localSize)); }) &&
        agree(local, [&] { allocate(world, local, localSize); })) {
      mine_ = segments_[static_cast<size_t>(rank)];
    } else {
      segments_.assign(segments_.size(), nullptr);
      window_ = MPI_WIN_NULL;  // where it exists it stays: giving it back takes all ranks, and some have none
    }
  }
  check(MPI_Comm_free(&local), "MPI_Comm_free");
}

// Has it gone well on all ranks of the node?
bool SharedWindow::agree(MPI_Comm local, const std::function<void()>& step) {
  try {
    step();
  } catch (const MpiError& problem) {
    absent_ = problem.what();
  }
  int all = absent_.empty() ? 1 : 0;
  check(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, local), "MPI_Allreduce");
  if (all == 0 && absent_.empty()) absent_ = "another rank of this node could not have its part";
  return all != 0;
}

void SharedWindow::allocate(MPI_Comm world, MPI_Comm local, int localSize) {
  void* base = nullptr;
  check(MPI_Win_allocate_shared(static_cast<MPI_Aint>(segmentBytes_ + alignof(Head)), 1, MPI_INFO_NULL, local, &base,
                                &window_),
        "MPI_Win_allocate_shared");
  check(MPI_Win_set_errhandler(window_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
  std::vector<int> local0(static_cast<size_t>(localSize)), ranks(local0.size());
  std::iota(local0.begin(), local0.end(), 0);
  MPI_Group here = MPI_GROUP_NULL, everyone = MPI_GROUP_NULL;
  check(MPI_Comm_group(local, &here), "MPI_Comm_group");
  check(MPI_Comm_group(world, &everyone), "MPI_Comm_group");
  check(MPI_Group_translate_ranks(here, localSize, local0.data(), everyone, ranks.data()), "MPI_Group_translate_ranks");
  MPI_Group_free(&here);
  MPI_Group_free(&everyone);
  for (int peer = 0; peer < localSize; ++peer) {
    MPI_Aint bytes = 0;
    int unit = 0;
    check(MPI_Win_shared_query(window_, peer, &bytes, &unit, &base), "MPI_Win_shared_query");
    segments_[static_cast<size_t>(ranks[static_cast<size_t>(peer)])] = alignedForHead(base);
  }
}

SharedWindow::~SharedWindow() {
  int over = 0;
  MPI_Finalized(&over);
  if (over == 0) close();
}

void SharedWindow::close() {
  mine_ = nullptr;
  if (window_ != MPI_WIN_NULL) MPI_Win_free(&window_);
}

// First fit: there are few slots, and they are taken once per set of messages.
std::optional<SharedWindow::Slot> SharedWindow::take(size_t bytes) {
  if (!mine_) return std::nullopt;
  for (auto slot = used_.begin(); slot != used_.end();) {
    const auto leaves = std::ranges::find(leaving_, slot->offset, &Slot::offset);
    if (leaves == leaving_.end() || !leaves->free()) {
      ++slot;
      continue;
    }
    leaving_.erase(leaves);
    slot = used_.erase(slot);
  }
  const size_t whole = sizeof(Head) + (bytes + sizeof(Head) - 1) / sizeof(Head) * sizeof(Head);
  uint64_t offset = 0;
  auto before = used_.begin();
  for (; before != used_.end() && before->offset < offset + whole; ++before) {
    offset = before->offset + sizeof(Head) + before->bytes;
  }
  if (offset + whole > segmentBytes_) return std::nullopt;
  Slot slot{offset, whole - sizeof(Head), new (mine_ + offset) Head, mine_ + offset + sizeof(Head)};
  used_.insert(before, slot);
  return slot;
}

void SharedWindow::giveBack(const Slot& slot) {
  if (mine_) leaving_.push_back(slot);
}

SharedWindow::Head* SharedWindow::at(int peer, uint64_t offset, size_t bytes) const {
  std::byte* segment = segments_[static_cast<size_t>(peer)];
  if (!segment || offset > segmentBytes_ || bytes + sizeof(Head) > segmentBytes_ - offset) return nullptr;
  return reinterpret_cast<Head*>(segment + offset);
}

}  // namespace quadrille
