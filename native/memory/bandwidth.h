// How fast this machine's memory is: a number of threads in, bytes copied per second out.
#pragma once

#include <cstdint>

namespace quadrille {

// Bytes read and written per second, in units of 1e9, by `threads` threads that copy what no cache of theirs holds,
// with ordinary stores or around the caches, whichever is faster. Takes about a tenth of a second; 0 if there is no
// memory for it.
double measureBandwidth(int threads, int64_t availableBytes);

}  // namespace quadrille
