// In: MPI error codes; out: their text.
#include "mpi_check.h"

namespace quadrille {

std::string mpiErrorText(int code) {
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, text, &length);
  return std::string(text, static_cast<size_t>(length));
}

std::timed_mutex& mpiMutex() {
  static std::timed_mutex mutex;
  return mutex;
}

}  // namespace quadrille
