// MPI's return codes as exceptions, and the lock that keeps MPI_THREAD_SERIALIZED true while one thread aborts.
#pragma once

#include <mpi.h>

#include <mutex>
#include <stdexcept>
#include <string>

namespace quadrille {

// Default visibility: crosses from quadrille_mpi.node to quadrille.node.
struct __attribute__((visibility("default"))) MpiError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string mpiErrorText(int code);

// Throws MpiError, `what` being the MPI call.
inline void check(int code, const char* what) {
  if (code != MPI_SUCCESS) throw MpiError(std::string(what) + ": " + mpiErrorText(code));
}

// Held around every call into MPI once the executor runs (never while waiting): the JS thread takes it to abort the
// job. Free for the taking, it costs about 20 ns.
std::timed_mutex& mpiMutex();
using MpiLock = std::lock_guard<std::timed_mutex>;

}  // namespace quadrille
