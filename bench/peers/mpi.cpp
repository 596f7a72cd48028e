// The C++/MPI peer, as it is written by hand: each rank owns a block with ghost layers, faces travel by non-blocking
// messages of derived datatypes, then the plain loop nest sweeps the block. Every rank connects to
// $QUADRILLE_BENCH_SOCKET and hears every command of protocol.h, so that nobody waits in MPI while idle; rank 0
// answers.
#include <mpi.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "loops.h"
#include "protocol.h"
#include "workloads.h"

namespace {

using bench::Initial;
using Shape = std::array<size_t, 3>;

// This rank's share of a shape: two dimensions are the last two of three, of which the first has one point and no
// ghost.
struct Block {
  Shape global, offset, extent, ghost, local;  // local: extent with ghosts
  std::array<std::array<int, 2>, 3> neighbour;
  MPI_Comm comm;

  Block(Shape shape, size_t radius) {
    if (shape[2] == 1) shape = {1, shape[0], shape[1]};
    global = shape;
    int ranks = 0, rank = 0, dims[3] = {shape[0] == 1 ? 1 : 0, 0, 0}, coords[3];
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    MPI_Dims_create(ranks, 3, dims);
    const int open[3] = {0, 0, 0};
    MPI_Cart_create(MPI_COMM_WORLD, 3, dims, open, 0, &comm);
    MPI_Comm_rank(comm, &rank);
    MPI_Cart_coords(comm, rank, 3, coords);
    for (int d = 0; d < 3; ++d) {
      const auto at = [&](int c) { return shape[d] * c / dims[d]; };
      offset[d] = at(coords[d]);
      extent[d] = at(coords[d] + 1) - offset[d];
      ghost[d] = shape[d] == 1 ? 0 : radius;
      local[d] = extent[d] + 2 * ghost[d];
      MPI_Cart_shift(comm, d, 1, &neighbour[d][0], &neighbour[d][1]);
    }
  }
  ~Block() { MPI_Comm_free(&comm); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  size_t index(size_t i, size_t j, size_t k) const { return (i * local[1] + j) * local[2] + k; }
  // Local positions, in dimension d, of what is at least `radius` from the global edge.
  bench::Interval swept(int d, size_t radius) const {
    if (ghost[d] == 0) return {0, 1};
    const size_t beyond = offset[d] + extent[d] + radius;
    return {ghost[d] + (offset[d] < radius ? radius - offset[d] : 0),
            ghost[d] + extent[d] - (beyond > global[d] ? beyond - global[d] : 0)};
  }
};

template <class T>
constexpr MPI_Datatype mpiType() {
  return sizeof(T) == 8 ? MPI_DOUBLE : MPI_FLOAT;
}

template <class T>
struct Field {
  std::vector<T> data;

  Field(const Block& block, const Initial& initial) : data(block.local[0] * block.local[1] * block.local[2]) {
    const auto& [e0, e1, e2] = block.extent;
    const bool flat = block.global[0] == 1;
    for (size_t i = 0; i < e0; ++i)
      for (size_t j = 0; j < e1; ++j)
        for (size_t k = 0; k < e2; ++k) {
          const size_t gi = i + block.offset[0], gj = j + block.offset[1], gk = k + block.offset[2];
          data[block.index(i + block.ghost[0], j + block.ghost[1], k + block.ghost[2])] =
              static_cast<T>(flat ? initial(gj, gk, 0) : initial(gi, gj, gk));
        }
  }
};

// Faces only: none of these stencils reads a corner.
template <class T>
class Exchange {
 public:
  explicit Exchange(const Block& block) : block_(block) {
    for (int d = 0; d < 3; ++d) {
      if (block.ghost[d] == 0) continue;
      for (int side = 0; side < 2; ++side) {
        const size_t ghost = block.ghost[d], extent = block.extent[d];
        faces_.push_back({face(d, side == 0 ? ghost : extent), face(d, side == 0 ? 0 : ghost + extent),
                          block.neighbour[d][side], 2 * d + side, 2 * d + 1 - side});
      }
    }
  }
  ~Exchange() {
    for (auto& face : faces_) MPI_Type_free(&face.inner), MPI_Type_free(&face.outer);
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void operator()(std::initializer_list<Field<T>*> fields) {
    requests_.clear();
    for (auto* field : fields)
      for (const auto& face : faces_)
        MPI_Irecv(field->data.data(), 1, face.outer, face.neighbour, face.receiveTag, block_.comm, request());
    for (auto* field : fields)
      for (const auto& face : faces_)
        MPI_Isend(field->data.data(), 1, face.inner, face.neighbour, face.sendTag, block_.comm, request());
    MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE);
  }

 private:
  struct Face {
    MPI_Datatype inner, outer;
    int neighbour, sendTag, receiveTag;
  };

  MPI_Request* request() { return &requests_.emplace_back(); }

  MPI_Datatype face(int d, size_t start) const {
    int sizes[3], subsizes[3], starts[3];
    for (int e = 0; e < 3; ++e) {
      sizes[e] = static_cast<int>(block_.local[e]);
      subsizes[e] = static_cast<int>(e == d ? block_.ghost[e] : block_.extent[e]);
      starts[e] = static_cast<int>(e == d ? start : block_.ghost[e]);
    }
    MPI_Datatype type;
    MPI_Type_create_subarray(3, sizes, subsizes, starts, MPI_ORDER_C, mpiType<T>(), &type);
    MPI_Type_commit(&type);
    return type;
  }

  const Block& block_;
  std::vector<Face> faces_;
  std::vector<MPI_Request> requests_;
};

template <class T>
struct Laplace2d {
  Block block;
  Exchange<T> exchange{block};
  Field<T> x{block, bench::FIRST}, y{block, bench::FIRST};

  explicit Laplace2d(Shape shape) : block(shape, 1) {}
  std::vector<const Field<T>*> results() const { return {&x}; }

  void step() {
    exchange({&x});
    bench::laplace2d(y.data.data(), x.data.data(), block.local[2], block.swept(1, 1), block.swept(2, 1));
    std::swap(x.data, y.data);
  }
};

template <class T>
struct Laplace3d {
  Block block;
  Exchange<T> exchange{block};
  Field<T> x{block, bench::FIRST}, y{block, bench::FIRST};

  explicit Laplace3d(Shape shape) : block(shape, 1) {}
  std::vector<const Field<T>*> results() const { return {&x}; }

  void step() {
    exchange({&x});
    const size_t n = block.local[2];
    bench::laplace3d(y.data.data(), x.data.data(), block.local[1] * n, n,
                     {block.swept(0, 1), block.swept(1, 1), block.swept(2, 1)});
    std::swap(x.data, y.data);
  }
};

template <class T>
struct Burgers2d {
  Block block;
  Exchange<T> exchange{block};
  Field<T> u{block, bench::BURGERS_U}, v{block, bench::BURGERS_V}, p{block, bench::BURGERS_U},
      q{block, bench::BURGERS_V};

  explicit Burgers2d(Shape shape) : block(shape, 1) {}
  std::vector<const Field<T>*> results() const { return {&u, &v}; }

  void step() {
    exchange({&u, &v});
    bench::burgers2d(p.data.data(), q.data.data(), u.data.data(), v.data.data(), block.local[2], block.swept(1, 1),
                     block.swept(2, 1));
    std::swap(u.data, p.data), std::swap(v.data, q.data);
  }
};

template <class Work>
class Distributed : public bench::Solver {
 public:
  explicit Distributed(Shape shape) : work_(shape) {}

  void run(int steps, int, const std::string&) override {
    MPI_Barrier(MPI_COMM_WORLD);
    for (int s = 0; s < steps; ++s) work_.step();
    MPI_Barrier(MPI_COMM_WORLD);
  }

  bench::Checksum checksum() const override {
    const Block& block = work_.block;
    bench::Checksum mine, all;
    size_t field = 0;
    for (const auto* result : work_.results()) {
      for (size_t i = 0; i < block.extent[0]; ++i)
        for (size_t j = 0; j < block.extent[1]; ++j) {
          const size_t row = (i + block.offset[0]) * block.global[1] + j + block.offset[1];
          const size_t at = block.index(i + block.ghost[0], j + block.ghost[1], block.ghost[2]);
          mine.add(result->data.data() + at, block.extent[2], field + row * block.global[2] + block.offset[2]);
        }
      field += block.global[0] * block.global[1] * block.global[2];
    }
    MPI_Allreduce(&mine.bits, &all.bits, 1, MPI_UINT32_T, MPI_SUM, MPI_COMM_WORLD);
    MPI_Allreduce(&mine.squares, &all.squares, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
    return all;
  }

 private:
  Work work_;
};

template <class T>
std::unique_ptr<bench::Solver> make(const bench::Problem& problem) {
  const auto& [workload, dtype, shape] = problem;
  if (workload == "laplace2d") return std::make_unique<Distributed<Laplace2d<T>>>(shape);
  if (workload == "laplace3d") return std::make_unique<Distributed<Laplace3d<T>>>(shape);
  if (workload == "burgers2d") return std::make_unique<Distributed<Burgers2d<T>>>(shape);
  bench::unknownWorkload(workload);
}

// Puts the benchmark's socket where stdin and stdout are; only rank 0's answers are heard.
void connectToBenchmark(int rank) {
  const char* path = std::getenv("QUADRILLE_BENCH_SOCKET");
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path == nullptr || std::string_view(path).size() >= sizeof address.sun_path)
    throw std::runtime_error("no usable QUADRILLE_BENCH_SOCKET");
  std::copy_n(path, std::string_view(path).size(), address.sun_path);
  const int peer = socket(AF_UNIX, SOCK_STREAM, 0);
  if (peer < 0 || connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect to QUADRILLE_BENCH_SOCKET");
  dup2(peer, 0);
  dup2(peer, 1);
  std::printf("%d %d\n", rank, static_cast<int>(getpid()));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  connectToBenchmark(rank);
  const int status = bench::serve([](const bench::Problem& problem) {
    return problem.dtype == "f32" ? make<float>(problem) : make<double>(problem);
  });
  MPI_Finalize();
  return status;
}
