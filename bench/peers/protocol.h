// The line protocol of the benchmark's peers: commands come in on stdin, one answer line per command goes out on
// stdout.
//   setup WORKLOAD f64|f32 N0xN1[xN2]   allocate the fields and fill them with the initial data   -> ok
//   run k t        k steps on t threads, timed here                                               -> seconds
//   checksum       of the fields as they are now (checksum.h)                                     -> bits squares
//   free           give the fields back                                                           -> ok
// End of input ends the process.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "checksum.h"

namespace bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What `setup` asks for. A missing third dimension has one point.
struct Problem {
  std::string workload, dtype;
  std::array<size_t, 3> shape = {1, 1, 1};
};

inline Problem parseProblem(std::istream& words) {
  Problem problem;
  std::string shape;
  words >> problem.workload >> problem.dtype >> shape;
  std::istringstream extents(shape);
  char times = 0;
  for (size_t d = 0; d < 3 && extents >> problem.shape[d]; ++d) extents >> times;
  return problem;
}

// One problem, allocated and filled.
class Solver {
 public:
  virtual ~Solver() = default;
  // `how` is a third word that few peers know.
  virtual void run(int steps, int threads, const std::string& how) = 0;
  virtual Checksum checksum() const = 0;
};

// `make` turns a Problem into a Solver.
template <class Make>
int serve(Make make) {
  std::unique_ptr<Solver> solver;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string command;
    words >> command;
    if (command == "setup") {
      solver.reset();
      solver = make(parseProblem(words));
      std::puts("ok");
    } else if (command == "run" && solver) {
      int steps = 0, threads = 1;
      std::string how;
      words >> steps >> threads >> how;
      const double start = now();
      solver->run(steps, threads, how);
      std::printf("%.9f\n", now() - start);
    } else if (command == "checksum" && solver) {
      std::puts(solver->checksum().text().c_str());
    } else if (command == "free") {
      solver.reset();
      std::puts("ok");
    } else {
      std::fprintf(stderr, "unknown command: %s\n", line.c_str());
      return 1;
    }
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace bench
