// The plain C++ peer: the loop nests that anyone writes, f64 or f32, with or without -fopenmp. Speaks protocol.h.
// Same order of operations as ours and NumPy's, so that the bits agree unless -ffast-math is given.
#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include "loops.h"
#include "protocol.h"
#include "workloads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace {

using bench::Initial;
using Shape = std::array<size_t, 3>;

// Large pages, as ours asks for, and fields that do not start in the same cache set: C++ at its best, not at malloc's.
template <class T>
class Field {
 public:
  Field(Shape shape, const Initial& initial, size_t number) : shape_(shape) {
    const size_t page = size_t{2} << 20;
    const size_t bytes = (size() * sizeof(T) + number * kSkew + page - 1) / page * page;
    memory_ = std::aligned_alloc(page, bytes);
    if (memory_ == nullptr) throw std::bad_alloc();
    madvise(memory_, bytes, MADV_HUGEPAGE);
    data_ = reinterpret_cast<T*>(static_cast<char*>(memory_) + number * kSkew);
    const size_t n0 = shape[0], n1 = shape[1], n2 = shape[2];
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < n0; ++i)
      for (size_t j = 0; j < n1; ++j)
        for (size_t k = 0; k < n2; ++k) data_[(i * n1 + j) * n2 + k] = static_cast<T>(initial(i, j, k));
  }
  ~Field() { std::free(memory_); }
  Field(const Field&) = delete;
  Field& operator=(const Field&) = delete;

  T* data() { return data_; }
  size_t size() const { return shape_[0] * shape_[1] * shape_[2]; }
  void swap(Field& other) { std::swap(data_, other.data_), std::swap(memory_, other.memory_); }

  void addTo(bench::Checksum& sum, size_t first) const {
    const size_t row = shape_[2] > 1 ? shape_[2] : shape_[1];
    for (size_t k = 0; k < size(); k += row) sum.add(data_ + k, row, first + k);
  }

 private:
  static constexpr size_t kSkew = 1088;
  Shape shape_;
  void* memory_ = nullptr;
  T* data_ = nullptr;
};

template <class T>
struct Laplace2d {
  size_t m, n;
  Field<T> x, y;

  explicit Laplace2d(Shape s) : m(s[0]), n(s[1]), x(s, bench::FIRST, 0), y(s, bench::FIRST, 1) {}
  std::vector<const Field<T>*> results() const { return {&x}; }

  void step() {
    bench::laplace2d(y.data(), x.data(), n, {1, m - 1}, {1, n - 1});
    x.swap(y);
  }
};

template <class T>
struct Laplace3d {
  Shape shape;
  Field<T> x, y;

  explicit Laplace3d(Shape s) : shape(s), x(s, bench::FIRST, 0), y(s, bench::FIRST, 1) {}
  std::vector<const Field<T>*> results() const { return {&x}; }

  void step() {
    bench::laplace3d(y.data(), x.data(), shape[1] * shape[2], shape[2], bench::inside(shape, 1));
    x.swap(y);
  }
};

template <class T>
struct Burgers2d {
  size_t m, n;
  Field<T> u, v, p, q;

  explicit Burgers2d(Shape s)
      : m(s[0]),
        n(s[1]),
        u(s, bench::BURGERS_U, 0),
        v(s, bench::BURGERS_V, 1),
        p(s, bench::BURGERS_U, 2),
        q(s, bench::BURGERS_V, 3) {}
  std::vector<const Field<T>*> results() const { return {&u, &v}; }

  void step() {
    bench::burgers2d(p.data(), q.data(), u.data(), v.data(), n, {1, m - 1}, {1, n - 1});
    u.swap(p), v.swap(q);
  }
};

template <class T>
struct Wave3d {
  Shape shape;
  Field<T> p, q, v;  // newest, the one before (and the next), (velocity dt/dx)^2

  explicit Wave3d(Shape s) : shape(s), p(s, bench::FIRST, 0), q(s, bench::FIRST, 1), v(s, bench::WAVE_M, 2) {}
  std::vector<const Field<T>*> results() const { return {&p, &q}; }

  static void sweep(T* __restrict q, const T* __restrict p, const T* __restrict v, Shape shape) {
    const size_t l = shape[0], m = shape[1], n = shape[2], s = m * n;
#pragma omp parallel for schedule(static)
    for (size_t i = 4; i < l - 4; ++i)
      for (size_t j = 4; j < m - 4; ++j)
        for (size_t k = 4; k < n - 4; ++k) {
          const size_t o = i * s + j * n + k;
          T sum = T(3 * bench::WAVE[0]) * p[o];
          for (size_t r = 1; r <= 4; ++r)
            sum +=
                T(bench::WAVE[r]) * (p[o - r * s] + p[o + r * s] + p[o - r * n] + p[o + r * n] + p[o - r] + p[o + r]);
          q[o] = 2 * p[o] - q[o] + v[o] * sum;
        }
  }

  void step() {
    sweep(q.data(), p.data(), v.data(), shape);
    p.swap(q);
  }
};

template <class T>
struct Fdtd2d {
  size_t m, n;
  Field<T> e, hx, hy;  // E at the nodes, H on the edges between them

  explicit Fdtd2d(Shape s)
      : m(s[0]),
        n(s[1]),
        e(s, bench::FIRST, 0),
        hx({m, n - 1, 1}, bench::SECOND, 1),
        hy({m - 1, n, 1}, bench::THIRD, 2) {}
  std::vector<const Field<T>*> results() const { return {&e, &hx, &hy}; }

  static void sweep(T* __restrict e, T* __restrict hx, T* __restrict hy, size_t m, size_t n) {
    constexpr T C = T(bench::FDTD_C);
#pragma omp parallel
    {
#pragma omp for schedule(static)
      for (size_t i = 0; i < m; ++i)
        for (size_t j = 0; j < n - 1; ++j) hx[i * (n - 1) + j] -= C * (e[i * n + j + 1] - e[i * n + j]);
#pragma omp for schedule(static)
      for (size_t i = 0; i < m - 1; ++i)
        for (size_t j = 0; j < n; ++j) hy[i * n + j] += C * (e[(i + 1) * n + j] - e[i * n + j]);
#pragma omp for schedule(static)
      for (size_t i = 1; i < m - 1; ++i)
        for (size_t j = 1; j < n - 1; ++j)
          e[i * n + j] += C * (hy[i * n + j] - hy[(i - 1) * n + j] - (hx[i * (n - 1) + j] - hx[i * (n - 1) + j - 1]));
    }
  }

  void step() { sweep(e.data(), hx.data(), hy.data(), m, n); }
};

template <class Work>
class Plain : public bench::Solver {
 public:
  explicit Plain(Shape shape) : work_(shape) {}

  void run(int steps, [[maybe_unused]] int threads, const std::string&) override {
#ifdef _OPENMP
    omp_set_num_threads(threads);
#endif
    for (int s = 0; s < steps; ++s) work_.step();
  }

  bench::Checksum checksum() const override {
    bench::Checksum sum;
    size_t first = 0;
    for (const auto* field : work_.results()) {
      field->addTo(sum, first);
      first += field->size();
    }
    return sum;
  }

 private:
  Work work_;
};

template <class T>
std::unique_ptr<bench::Solver> make(const bench::Problem& problem) {
  const auto& [workload, dtype, shape] = problem;
  if (workload == "laplace2d") return std::make_unique<Plain<Laplace2d<T>>>(shape);
  if (workload == "laplace3d") return std::make_unique<Plain<Laplace3d<T>>>(shape);
  if (workload == "burgers2d") return std::make_unique<Plain<Burgers2d<T>>>(shape);
  if (workload == "wave3d") return std::make_unique<Plain<Wave3d<T>>>(shape);
  if (workload == "fdtd2d") return std::make_unique<Plain<Fdtd2d<T>>>(shape);
  bench::unknownWorkload(workload);
}

}  // namespace

int main() {
  return bench::serve([](const bench::Problem& problem) {
    return problem.dtype == "f32" ? make<float>(problem) : make<double>(problem);
  });
}
