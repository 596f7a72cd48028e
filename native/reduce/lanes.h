// Blocks of elements in; their least or greatest, their sum or product modulo 2^64 out: loops made of vectors.
#pragma once

#include <cstdint>

namespace quadrille {

// n >= 1. NaN if there is one. Of zeros of both signs, any.
double leastOf(const double* values, int64_t n);
double leastOf(const float* values, int64_t n);
double greatestOf(const double* values, int64_t n);
double greatestOf(const float* values, int64_t n);
int64_t leastOf(const int64_t* values, int64_t n);
int64_t leastOf(const int32_t* values, int64_t n);
int64_t leastOf(const uint8_t* values, int64_t n);
int64_t greatestOf(const int64_t* values, int64_t n);
int64_t greatestOf(const int32_t* values, int64_t n);
int64_t greatestOf(const uint8_t* values, int64_t n);

// The first i with values[i] == value, NaN being one value; n if there is none.
int64_t placeOf(double value, const double* values, int64_t n);
int64_t placeOf(double value, const float* values, int64_t n);
int64_t placeOf(int64_t value, const int64_t* values, int64_t n);
int64_t placeOf(int64_t value, const int32_t* values, int64_t n);
int64_t placeOf(int64_t value, const uint8_t* values, int64_t n);

uint64_t sumOf(const int64_t* values, int64_t n);
uint64_t sumOf(const int32_t* values, int64_t n);
// n < 2^24; elements are 0 or 1.
uint64_t sumOf(const uint8_t* values, int64_t n);
uint64_t productOf(const int64_t* values, int64_t n);

}  // namespace quadrille
