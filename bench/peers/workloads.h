// What the C++ peers compute, apart from how: coefficients, and the initial value of each point of each field.
// workloads.ts and protocol.py have the same numbers.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace bench {

inline constexpr double BURGERS_C = 0.1, BURGERS_D = 0.05;  // dt/dx, nu dt/dx^2
inline constexpr double FDTD_C = 0.5;                       // Courant number
// Eighth-order second derivative; the middle one is used once per dimension.
inline constexpr double WAVE[5] = {-205.0 / 72, 8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560};

// base + ((a i + b j + c k) mod modulus) / divisor: nowhere denormal, everywhere stable, nowhere smooth.
struct Initial {
  double base;
  size_t a, b, c, modulus;
  double divisor;

  double operator()(size_t i, size_t j, size_t k) const {
    return base + static_cast<double>((a * i + b * j + c * k) % modulus) / divisor;
  }
};

inline constexpr Initial FIRST = {0, 7, 13, 29, 101, 101}, SECOND = {0, 13, 7, 29, 101, 101},
                         THIRD = {0, 11, 5, 29, 101, 101};
inline constexpr Initial BURGERS_U = {1, 7, 13, 29, 101, 101}, BURGERS_V = {1, 13, 7, 29, 101, 101};
inline constexpr Initial WAVE_M = {26.0 / 512, 1, 1, 1, 7, 512};  // (velocity dt / dx)^2

[[noreturn]] inline void unknownWorkload(const std::string& name) {
  throw std::invalid_argument("no workload " + name);
}

}  // namespace bench
