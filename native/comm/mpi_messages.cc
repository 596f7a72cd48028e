// In: endpoints and payloads; out: payloads of the others, or RankDiverged. See mpi_messages.h.
#include "mpi_messages.h"

#include <climits>
#include <cstdlib>
#include <cstring>
#include <new>

#include "mpi_check.h"

namespace quadrille {
namespace {

// The tag tells messages by their size: one that is longer than the receiver expects is never matched, since not every
// MPI survives the truncation (Open MPI 4.1 writes past the buffer when it copies from another process's memory).
int tagFor(size_t bytes, int most) {
  return static_cast<int>((bytes * 0x9e3779b97f4a7c15) % static_cast<uint64_t>(most));
}

// `bytes` bytes as one element of a derived type: MPI-3 counts are ints, and halos of more than 2 GiB exist.
class BytesType {
 public:
  BytesType(size_t bytes, size_t chunk) {
    if (bytes <= chunk) {
      count_ = static_cast<int>(bytes);
      return;
    }
    const size_t chunks = bytes / chunk, rest = bytes % chunk;
    if (chunks > INT_MAX)
      throw MpiError("a message of " + std::to_string(bytes) + " bytes is more than MPI can describe");
    MPI_Datatype piece = MPI_DATATYPE_NULL, pieces = MPI_DATATYPE_NULL;
    check(MPI_Type_contiguous(static_cast<int>(chunk), MPI_BYTE, &piece), "MPI_Type_contiguous");
    check(MPI_Type_contiguous(static_cast<int>(chunks), piece, &pieces), "MPI_Type_contiguous");
    const int lengths[] = {1, static_cast<int>(rest)};
    const MPI_Aint offsets[] = {0, static_cast<MPI_Aint>(chunks * chunk)};
    const MPI_Datatype types[] = {pieces, MPI_BYTE};
    check(MPI_Type_create_struct(2, lengths, offsets, types, &type_), "MPI_Type_create_struct");
    check(MPI_Type_commit(&type_), "MPI_Type_commit");
    MPI_Type_free(&pieces);
    MPI_Type_free(&piece);
  }
  ~BytesType() {
    if (type_ != MPI_BYTE) MPI_Type_free(&type_);  // requests made with it keep it until they are freed
  }
  BytesType(const BytesType&) = delete;
  BytesType& operator=(const BytesType&) = delete;

  int count() const { return count_; }
  MPI_Datatype get() const { return type_; }

 private:
  MPI_Datatype type_ = MPI_BYTE;
  int count_ = 1;
};

// Payloads from here on go through shared memory: 8 KB each way take 4.4 us instead of 6.1, 64 KB 16 instead of 21, 512
// KB 104 instead of 139. What is smaller, MPI copies into its own along with the header.
constexpr size_t kSharedBytes = 2048;

bool mpiIsOver() {
  int over = 0;
  MPI_Finalized(&over);
  return over != 0;
}

}  // namespace

MpiMessageSet::Buffer::Buffer(const Endpoint& endpoint, std::optional<SharedWindow::Slot> slotIn)
    : peer(endpoint.peer), bytes(endpoint.bytes), slot(slotIn) {
  constexpr size_t kAlign = 64;
  const size_t whole = (wireBytes() + kAlign - 1) / kAlign * kAlign;
  memory.reset(static_cast<std::byte*>(std::aligned_alloc(kAlign, whole)));
  if (!memory) throw std::bad_alloc();
}

MessageHeader MpiMessageSet::Buffer::header() const {
  MessageHeader header;
  std::memcpy(&header, memory.get(), sizeof header);
  return header;
}

void MpiMessageSet::Buffer::setHeader(const MessageHeader& header) {
  std::memcpy(memory.get(), &header, sizeof header);
}

MpiMessageSet::MpiMessageSet(MpiComm& comm, std::span<const Endpoint> sends, std::span<const Endpoint> recvs)
    : comm_(comm), statuses_(sends.size() + recvs.size()) {
  const MpiLock lock(mpiMutex());
  for (const Endpoint& endpoint : recvs) {
    // Whether the payload comes behind the header is the sender's choice. Memory that nothing is written to costs none.
    const Buffer& buffer = recvs_.emplace_back(endpoint, std::nullopt);
    const BytesType type(sizeof(MessageHeader) + buffer.bytes, comm_.chunkBytes());
    check(
        MPI_Recv_init(buffer.memory.get(), type.count(), type.get(), buffer.peer,
                      tagFor(buffer.bytes, comm_.tagLimit()), comm_.work(), &requests_.emplace_back(MPI_REQUEST_NULL)),
        "MPI_Recv_init");
  }
  for (const Endpoint& endpoint : sends) {
    const bool shared = endpoint.bytes >= kSharedBytes && comm_.window().reaches(endpoint.peer);
    const Buffer& buffer = sends_.emplace_back(endpoint, shared ? comm_.window().take(endpoint.bytes) : std::nullopt);
    const BytesType type(buffer.wireBytes(), comm_.chunkBytes());
    check(
        MPI_Send_init(buffer.memory.get(), type.count(), type.get(), buffer.peer,
                      tagFor(buffer.bytes, comm_.tagLimit()), comm_.work(), &requests_.emplace_back(MPI_REQUEST_NULL)),
        "MPI_Send_init");
    sendBytes_ += buffer.bytes;
    if (buffer.slot) sharedBytes_ += buffer.bytes;
  }
}

MpiMessageSet::~MpiMessageSet() {
  const MpiLock lock(mpiMutex());
  if (mpiIsOver()) return;
  if (!active_) {
    for (MPI_Request& request : requests_) MPI_Request_free(&request);
    for (const Buffer& buffer : sends_) {
      if (buffer.slot) comm_.window().giveBack(*buffer.slot);
    }
    return;
  }
  // Given up halfway (RankDiverged): MPI may still read and write these buffers until the job ends, which is soon.
  for (Buffer& buffer : sends_) (void)buffer.memory.release();
  for (Buffer& buffer : recvs_) (void)buffer.memory.release();
}

void MpiMessageSet::begin(const WorkId& work) {
  if (active_) throw std::logic_error("a message set was begun twice");
  comm_.guard().begin(WireWork(work, Operation::exchange));
}

std::span<std::byte> MpiMessageSet::sendBuffer(size_t i) {
  const Buffer& buffer = sends_[i];
  if (!buffer.slot) return buffer.payload();
  if (!buffer.slot->free()) {
    comm_.guard().wait([&] { return buffer.slot->free(); }, [&] { return Guard::Owing{{buffer.peer}, {}}; });
  }
  return {buffer.slot->payload, buffer.bytes};
}

std::span<const std::byte> MpiMessageSet::recvBuffer(size_t i) {
  const Buffer& buffer = recvs_[i];
  if (!buffer.arrived) return buffer.payload();
  return {reinterpret_cast<const std::byte*>(buffer.arrived + 1), buffer.bytes};
}

void MpiMessageSet::release() {
  for (Buffer& buffer : recvs_) {
    if (buffer.arrived) buffer.arrived->taken.fetch_add(1, std::memory_order_release);
    buffer.arrived = nullptr;
  }
}

void MpiMessageSet::start() {
  const WireWork& wire = comm_.guard().now();
  for (Buffer& buffer : recvs_) buffer.setHeader(MessageHeader{});
  for (Buffer& buffer : sends_) {
    const uint64_t place = buffer.slot ? buffer.slot->offset : MessageHeader::kBehind;
    buffer.setHeader(MessageHeader{MessageHeader::kMagic, buffer.bytes, place, wire});
    if (buffer.slot) ++buffer.slot->packed;
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);  // before whatever MPI writes to tell of it
  const MpiLock lock(mpiMutex());
  if (requests_.empty()) return;
  check(MPI_Startall(static_cast<int>(requests_.size()), requests_.data()), "MPI_Startall");
  active_ = true;
  straySince_ = {};
  comm_.countSent(sends_.size(), sendBytes_, sharedBytes_);
}

bool MpiMessageSet::test() {
  if (!active_) return true;
  {
    const MpiLock lock(mpiMutex());
    if (!poll()) return false;
  }
  verify();
  return true;
}

void MpiMessageSet::finish() {
  if (!active_) return;
  comm_.guard().wait([this] { return poll(); }, [this] { return owing(); });
  verify();
}

bool MpiMessageSet::poll() {
  int all = 0;
  const int code = MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &all, statuses_.data());
  if (code == MPI_ERR_IN_STATUS) {
    for (size_t i = 0; i < requests_.size(); ++i) {
      const int own = statuses_[i].MPI_ERROR;
      if (own != MPI_ERR_PENDING) check(own, i < recvs_.size() ? "receiving a message" : "sending a message");
    }
  }
  check(code, "MPI_Testall");
  return all != 0;
}

void MpiMessageSet::verify() {
  for (const Buffer& buffer : recvs_) {
    const MessageHeader header = buffer.header();
    const bool same = header.magic == MessageHeader::kMagic && header.bytes == buffer.bytes &&
                      header.work.sameAs(comm_.guard().now()) && header.work.wave == comm_.guard().now().wave;
    if (!same) comm_.guard().diverged(mismatch(buffer.peer, buffer.bytes, header));
  }
  locate();
  active_ = false;
}

void MpiMessageSet::locate() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  for (Buffer& buffer : recvs_) {
    const uint64_t place = buffer.header().place;
    if (place == MessageHeader::kBehind) continue;
    buffer.arrived = comm_.window().at(buffer.peer, place, buffer.bytes);
    if (!buffer.arrived) throw MpiError("a message of rank " + std::to_string(buffer.peer) + " lies nowhere");
  }
}

std::string MpiMessageSet::mismatch(int peer, size_t expected, const MessageHeader& header) const {
  const WireWork& mine = comm_.guard().now();
  const std::string here = "rank " + std::to_string(comm_.rank()), there = "rank " + std::to_string(peer);
  if (header.magic != MessageHeader::kMagic) {
    return here + " is in " + mine.text() + ", but what " + there + " sent is no message of quadrille's";
  }
  if (header.work.sameAs(mine) && header.work.wave != mine.wave) {
    return there + " and " + here + " are in different exchanges of " + mine.text() +
           ": the fields they use there were not written alike";
  }
  if (header.work.sameAs(mine)) {
    return there + " sent " + std::to_string(header.bytes) + " bytes to " + here + ", which expects " +
           std::to_string(expected) + ", both in " + mine.text() +
           ": the fields they use there are not the same ones, or were not written alike";
  }
  return here + " is in " + mine.text() + ", but " + there + " is " + header.work.beside(mine);
}

Guard::Owing MpiMessageSet::owing() {
  Guard::Owing result;
  for (size_t i = 0; i < requests_.size(); ++i) {
    int done = 0;
    check(MPI_Request_get_status(requests_[i], &done, MPI_STATUS_IGNORE), "MPI_Request_get_status");
    if (done != 0) continue;
    const bool receiving = i < recvs_.size();
    result.peers.push_back(receiving ? recvs_[i].peer : sends_[i - recvs_.size()].peer);
    if (receiving && result.divergence.empty()) result.divergence = strayFrom(i);
  }
  return result;
}

// A rank's messages are matched in order: what fits no receive while an earlier message is awaited is of another
// program; or that earlier one has been matched, is large, and still under way, and the sender has gone on. So it must
// stay that way for a while.
std::string MpiMessageSet::strayFrom(size_t awaited) {
  const Buffer& buffer = recvs_[awaited];
  int arrived = 0, done = 0, count = 0;
  MPI_Status status;
  check(MPI_Iprobe(buffer.peer, MPI_ANY_TAG, comm_.work(), &arrived, &status), "MPI_Iprobe");
  if (arrived == 0) return {};
  check(MPI_Request_get_status(requests_[awaited], &done, MPI_STATUS_IGNORE), "MPI_Request_get_status");
  if (done != 0) return {};  // it came during the probe
  const Guard::Clock::time_point now = Guard::Clock::now();
  if (straySince_ == Guard::Clock::time_point{}) straySince_ = now;
  if (now - straySince_ < Guard::kConfirmAfter) return {};
  check(MPI_Get_count(&status, MPI_BYTE, &count), "MPI_Get_count");
  MessageHeader header;
  if (count != MPI_UNDEFINED && static_cast<size_t>(count) >= sizeof header) {
    std::vector<std::byte> whole(static_cast<size_t>(count));
    check(MPI_Recv(whole.data(), count, MPI_BYTE, buffer.peer, status.MPI_TAG, comm_.work(), MPI_STATUS_IGNORE),
          "MPI_Recv");
    std::memcpy(&header, whole.data(), sizeof header);
  }
  return mismatch(buffer.peer, buffer.bytes, header);
}

}  // namespace quadrille
