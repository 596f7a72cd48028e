// Two ranks of one node exchange the halo of a 2-D block three ways, in turns: as messages, packed and unpacked;
// through a shared window, into which the sender packs and from which the receiver unpacks; straight from the
// neighbour's field, which lies in the window. Arguments: columns, rows of the halo, rounds. Rank 0 prints "result
// <microseconds>" for each way of each round: the median exchange after a sweep of the block, begun by both ranks at
// once.
#include <mpi.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <new>
#include <vector>

namespace {

// What a rank tells its neighbour: exchanges whose rows may be read, and exchanges whose rows have been.
struct Flags {
  alignas(64) std::atomic<uint64_t> ready{0};
  alignas(64) std::atomic<uint64_t> taken{0};
};

void await(const std::atomic<uint64_t>& flag, uint64_t value) {
  while (flag.load(std::memory_order_acquire) < value) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
}

// MPI promises less alignment. Where a segment begins within its page is the same in both processes.
Flags* flagsAt(void* base) {
  const auto address = reinterpret_cast<uintptr_t>(base), most = alignof(Flags) - 1;
  return reinterpret_cast<Flags*>((address + most) & ~most);
}

struct Side {
  Flags* flags;
  double *buffer, *fields[2];
};

class Halo {
 public:
  Halo(size_t n, size_t depth) : n_(n), depth_(depth), rows_(n / 2 + depth) {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    const size_t count = depth * n, bytes = alignof(Flags) + kHead + sizeof(double) * (count + 2 * rows_ * n);
    void* base = nullptr;
    MPI_Win_allocate_shared(static_cast<MPI_Aint>(bytes), 1, MPI_INFO_NULL, MPI_COMM_WORLD, &base, &window_);
    for (int r = 0; r < 2; ++r) {
      MPI_Aint size = 0;
      int unit = 0;
      MPI_Win_shared_query(window_, r, &size, &unit, &base);
      auto* numbers = reinterpret_cast<double*>(reinterpret_cast<std::byte*>(flagsAt(base)) + kHead);
      sides_[r] = {flagsAt(base), numbers, {numbers + count, numbers + count + rows_ * n}};
    }
    new (mine().flags) Flags;
    // Every element of either rank is another number: rows that were not exchanged would be noticed.
    for (size_t i = 0; i < count + 2 * rows_ * n; ++i) mine().buffer[i] = 1e9 * rank_ + static_cast<double>(i);
    out_.resize(count);
    in_.resize(count);
    const int size = static_cast<int>(count * sizeof(double)), peer = 1 - rank_;
    MPI_Recv_init(in_.data(), size, MPI_BYTE, peer, 0, MPI_COMM_WORLD, &requests_[0]);
    MPI_Send_init(out_.data(), size, MPI_BYTE, peer, 0, MPI_COMM_WORLD, &requests_[1]);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~Halo() {
    for (MPI_Request& request : requests_) MPI_Request_free(&request);
    MPI_Win_free(&window_);
  }
  Halo(const Halo&) = delete;
  Halo& operator=(const Halo&) = delete;

  void sweep() {
    const double* x = mine().fields[now_];
    double* y = mine().fields[1 - now_];
    for (size_t i = 1; i + 1 < rows_; ++i) {
      for (size_t j = 1; j + 1 < n_; ++j) {
        const size_t at = i * n_ + j;
        y[at] = 0.25 * (x[at - n_] + x[at + n_] + x[at - 1] + x[at + 1]);
      }
    }
    now_ = 1 - now_;
  }

  void messages() {
    std::memcpy(out_.data(), edge(rank_), bytes());
    MPI_Startall(2, requests_);
    for (int done = 0; done == 0;) MPI_Testall(2, requests_, &done, MPI_STATUSES_IGNORE);
    std::memcpy(halo(), in_.data(), bytes());
  }

  void window() {
    ++turn_;
    await(theirs().flags->taken, turn_ - 1);
    std::memcpy(mine().buffer, edge(rank_), bytes());
    take(theirs().buffer);
  }

  // The rows may be written again only when the neighbour has taken them.
  // Both ranks call it after both have exchanged; nobody writes meanwhile.
  bool arrived() {
    MPI_Barrier(MPI_COMM_WORLD);
    const bool same = std::memcmp(halo(), edge(1 - rank_), bytes()) == 0;
    MPI_Barrier(MPI_COMM_WORLD);
    return same;
  }

  void direct() {
    ++turn_;
    take(edge(1 - rank_));
    await(theirs().flags->taken, turn_);
  }

 private:
  static constexpr size_t kHead = 128;
  static_assert(sizeof(Flags) <= kHead);

  Side& mine() { return sides_[rank_]; }
  Side& theirs() { return sides_[1 - rank_]; }
  size_t bytes() const { return depth_ * n_ * sizeof(double); }
  // Rank 0 lies above rank 1: its halo is its last rows, rank 1's its first.
  double* halo() { return mine().fields[now_] + (rank_ == 0 ? rows_ - depth_ : 0) * n_; }
  double* edge(int rank) { return sides_[rank].fields[now_] + (rank == 0 ? rows_ - 2 * depth_ : depth_) * n_; }
  void take(const double* from) {
    mine().flags->ready.store(turn_, std::memory_order_release);
    await(theirs().flags->ready, turn_);
    std::memcpy(halo(), from, bytes());
    mine().flags->taken.store(turn_, std::memory_order_release);
  }

  const size_t n_, depth_, rows_;
  int rank_ = 0, now_ = 0;
  uint64_t turn_ = 0;
  MPI_Win window_ = MPI_WIN_NULL;
  MPI_Request requests_[2];
  Side sides_[2];
  std::vector<double> out_, in_;
};

double medianExchange(Halo& halo, void (Halo::*exchange)(), int steps) {
  std::vector<double> times;
  for (int step = 0; step < steps; ++step) {
    halo.sweep();
    MPI_Barrier(MPI_COMM_WORLD);
    const auto begin = std::chrono::steady_clock::now();
    (halo.*exchange)();
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + steps / 2, times.end());
  return times[steps / 2];
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  if (argc != 4) {
    std::cerr << "usage: windows COLUMNS DEPTH ROUNDS\n";
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  const size_t n = std::strtoul(argv[1], nullptr, 10), depth = std::strtoul(argv[2], nullptr, 10);
  const int rounds = std::atoi(argv[3]), steps = static_cast<int>(std::max<size_t>(11, (size_t{1} << 26) / (n * n)));
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  {
    Halo halo(n, depth);
    for (auto exchange : {&Halo::messages, &Halo::window, &Halo::direct}) {
      halo.sweep();
      MPI_Barrier(MPI_COMM_WORLD);
      if (halo.arrived()) MPI_Abort(MPI_COMM_WORLD, 3);  // the check would not notice
      (halo.*exchange)();
      if (halo.arrived()) continue;
      std::cerr << "the halo is not the neighbour's rows\n";
      MPI_Abort(MPI_COMM_WORLD, 3);
    }
    for (int round = -1; round < rounds; ++round) {
      for (auto exchange : {&Halo::messages, &Halo::window, &Halo::direct}) {
        const double microseconds = medianExchange(halo, exchange, steps);
        if (rank == 0 && round >= 0) std::cout << "result " << microseconds << std::endl;
      }
    }
  }
  MPI_Finalize();
}
