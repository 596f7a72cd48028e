// In: an initialised MPI; out: Comm. Barriers are a reduction of what every rank runs, so that they compare the ranks'
// programs at no extra cost.
#include <cstring>

#include "mpi_check.h"
#include "mpi_comm.h"
#include "mpi_messages.h"

namespace quadrille {
namespace {

// FNV-1a: labels are compared, not kept.
uint64_t hashOf(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

OwnedComm::OwnedComm(MPI_Comm parent) {
  check(MPI_Comm_dup(parent, &comm_), "MPI_Comm_dup");
  check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

OwnedComm::~OwnedComm() {
  int over = 0;
  MPI_Finalized(&over);
  if (over == 0) release();
}

void OwnedComm::release() {
  if (comm_ != MPI_COMM_NULL) MPI_Comm_free(&comm_);
}

MpiComm::MpiComm(MPI_Comm world, const MpiOptions& options)
    : work_(world),
      control_(world),
      chunkBytes_(options.chunkBytes),
      guard_(control_.get(), options.stall),
      window_(work_.get(), options.sharedBytes) {
  check(MPI_Comm_rank(work_.get(), &rank_), "MPI_Comm_rank");
  check(MPI_Comm_size(work_.get(), &size_), "MPI_Comm_size");
  void* limit = nullptr;
  int known = 0;
  check(MPI_Comm_get_attr(work_.get(), MPI_TAG_UB, &limit, &known), "MPI_Comm_get_attr");
  if (known != 0) tagLimit_ = *static_cast<int*>(limit);
}

void MpiComm::close() {
  guard_.waitForEnd();
  const MpiLock lock(mpiMutex());
  window_.close();
  work_.release();
  control_.release();
}

std::unique_ptr<MessageSet> MpiComm::messages(std::span<const Endpoint> sends, std::span<const Endpoint> recvs) {
  return std::make_unique<MpiMessageSet>(*this, sends, recvs);
}

void MpiComm::barrier(const WorkId& work) {
  const WireWork mine(work, Operation::barrier);
  guard_.begin(mine);
  // The maximum of x and of ~x: both are this rank's own only if every rank has the same x.
  barrierIn_.clear();
  for (const uint64_t x : {work.sequence, work.keyHi, work.keyLo, hashOf(work.label)}) {
    barrierIn_.push_back(x);
    barrierIn_.push_back(~x);
  }
  barrierOut_.resize(barrierIn_.size());
  MPI_Request request = MPI_REQUEST_NULL;
  {
    const MpiLock lock(mpiMutex());
    check(MPI_Iallreduce(barrierIn_.data(), barrierOut_.data(), static_cast<int>(barrierIn_.size()), MPI_UINT64_T,
                         MPI_MAX, work_.get(), &request),
          "MPI_Iallreduce");
  }
  guard_.wait(
      [&request] {
        int all = 0;
        check(MPI_Test(&request, &all, MPI_STATUS_IGNORE), "MPI_Test");
        return all != 0;
      },
      // Whoever misses, some rank here has it for its successor: a ring of questions finds it, all-to-all is not
      // needed.
      [this] { return Guard::Owing{size_ > 1 ? std::vector<int>{(rank_ + 1) % size_} : std::vector<int>{}, {}}; });
  if (barrierOut_ != barrierIn_) barrierDiverged(mine);
}

// Every rank knows that they differ, hence comes here: gather who is where.
void MpiComm::barrierDiverged(const WireWork& mine) {
  std::vector<WireWork> all(static_cast<size_t>(size_));
  {
    const MpiLock lock(mpiMutex());
    check(MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, work_.get()), "MPI_Allgather");
  }
  for (int peer = 0; peer < size_; ++peer) {
    const WireWork& other = all[static_cast<size_t>(peer)];
    if (other.sameAs(mine) && std::strcmp(other.label, mine.label) == 0) continue;
    guard_.diverged("rank " + std::to_string(rank_) + " is in " + mine.text() + ", but rank " + std::to_string(peer) +
                    " is in " + other.text());
  }
  guard_.diverged("rank " + std::to_string(rank_) + " is in " + mine.text() + ", where other ranks are elsewhere");
}

}  // namespace quadrille
