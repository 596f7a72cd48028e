// See exact_sum.h.
#include "reduce/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace quadrille {

namespace {

constexpr int kDigitBits = 32;
constexpr int64_t kDigitMask = (int64_t{1} << kDigitBits) - 1;
constexpr int kLeastExponent = -1074;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

void ExactSum::add(const double* values, int64_t n, double* scratch) { addBlock(values, n, scratch); }
void ExactSum::add(const float* values, int64_t n, double* scratch) { addBlock(values, n, scratch); }

template <class T>
void ExactSum::addBlock(const T* values, int64_t n, double* scratch) {
  // The guess has room for values twice as large. More of it would cost bits of the lower cut: if it has, and they are
  // needed, it is cut again.
  constexpr int kRoom = 1, kTooMuch = 4;
  if (top_ != kUnknown) {
    const Cut guessed = cut(values, n, top_);
    const int top = topOf(guessed.greatest);
    // NaN is not in `greatest`, but in the sums.
    if (!std::isnan(guessed.high) && top <= top_ && (!guessed.rest || top > top_ - kTooMuch)) {
      addCut(guessed, values, n, top_, scratch);
      if (guessed.greatest != 0) top_ = std::min(top + kRoom, kGreatestTop);
      return;
    }
  }
  const int top = topOf(values, n);
  if (top > kGreatestTop) {
    // Infinities, NaN, or numbers too large to cut.
    for (int64_t i = 0; i < n; ++i) add(static_cast<double>(values[i]));
    return;
  }
  top_ = std::min(top + kRoom, kGreatestTop);
  addCut(cut(values, n, top), values, n, top, scratch);
}

template <class T>
void ExactSum::addCut(const Cut& part, const T* values, int64_t n, int top, double* scratch) {
  const double sums[] = {part.high, part.low};
  addFinite(sums, 2);
  if (!part.rest) return;
  // Squares of differences are of many sizes: two more cuts. Values of all sizes (the tails of a Gaussian) would take
  // many more still: they get them where few values have something left.
  constexpr int64_t kFew = 4;
  int64_t left = leftBy(values, n, top, scratch);
  for (int below = topBelow(top);; below = topBelow(below)) {
    const Cut lower = cut(scratch, left, below);
    const double lowerSums[] = {lower.high, lower.low};
    addFinite(lowerSums, 2);
    if (!lower.rest) return;
    if (left > n / kFew) return addFinite(scratch, gatherLeftBy(scratch, left, below, scratch));
    left = leftBy(scratch, left, below, scratch);
  }
}

void ExactSum::add(double value) {
  if (std::isfinite(value)) {
    addFinite(&value, 1);
  } else if (std::isnan(value)) {
    nan_ = true;
  } else {
    (value > 0 ? plusInfinity_ : minusInfinity_) = true;
  }
}

void ExactSum::addFinite(const double* values, int64_t n) {
  if (pending_ + n >= kMostPending) carry();
  pending_ += n;
  for (int64_t i = 0; i < n; ++i) {
    const auto bits = std::bit_cast<uint64_t>(values[i]);
    const auto biased = static_cast<uint32_t>(bits >> 52 & 0x7ff);
    const uint32_t normal = biased != 0 ? 1 : 0;
    const uint64_t mantissa = (bits & ((uint64_t{1} << 52) - 1)) | uint64_t{normal} << 52;
    // Position of the lowest bit, counted from 2^-1074.
    const uint32_t shift = biased - normal;
    const uint32_t digit = shift / kDigitBits, within = shift % kDigitBits;
    const uint64_t low = mantissa << within, high = mantissa >> 1 >> (63 - within);  // at most 53 + 31 bits
    const int64_t minus = static_cast<int64_t>(bits) >> 63;                          // -1 or 0
    digits_[digit] += (static_cast<int64_t>(low & kDigitMask) ^ minus) - minus;
    digits_[digit + 1] += (static_cast<int64_t>(low >> kDigitBits) ^ minus) - minus;
    digits_[digit + 2] += (static_cast<int64_t>(high) ^ minus) - minus;
  }
}

// Digits to [0, 2^32), but for the last one, which holds the sign.
void ExactSum::carry() {
  int64_t over = 0;
  for (int i = 0; i + 1 < kDigits; ++i) {
    const int64_t digit = digits_[i] + over;
    digits_[i] = digit & kDigitMask;
    over = digit >> kDigitBits;
  }
  digits_[kDigits - 1] += over;
  pending_ = 0;
}

void ExactSum::merge(const ExactSum& other) {
  if (pending_ + other.pending_ + 2 >= kMostPending) carry();
  for (int i = 0; i < kDigits; ++i) digits_[i] += other.digits_[i];
  pending_ += other.pending_ + 1;
  plusInfinity_ |= other.plusInfinity_;
  minusInfinity_ |= other.minusInfinity_;
  nan_ |= other.nan_;
}

double ExactSum::result(DType type) const {
  if (nan_ || (plusInfinity_ && minusInfinity_)) return std::numeric_limits<double>::quiet_NaN();
  if (plusInfinity_) return kInfinity;
  if (minusInfinity_) return -kInfinity;

  ExactSum sum = *this;
  sum.carry();
  auto& digits = sum.digits_;
  const bool negative = digits[kDigits - 1] < 0;
  if (negative) {
    for (int64_t& digit : digits) digit = -digit;
    sum.carry();
  }
  int top = kDigits - 1;
  while (top >= 0 && digits[top] == 0) --top;
  if (top < 0) return 0;

  const int precision = type == DType::f64 ? 53 : 24;
  const int least = type == DType::f64 ? kLeastExponent : -149;
  const int highest = kDigitBits * top + 63 - std::countl_zero(static_cast<uint64_t>(digits[top]));  // from 2^-1074
  // The lowest bit that stays: the precision's last, or the type's smallest number.
  const int lowest = std::max(highest - precision + 1, least - kLeastExponent);
  const auto bit = [&](int at) { return at >= 0 && (digits[at / kDigitBits] >> (at % kDigitBits) & 1) != 0; };
  uint64_t mantissa = 0;
  for (int at = highest; at >= lowest; --at) mantissa = mantissa << 1 | (bit(at) ? 1 : 0);
  bool sticky = false;
  const int half = lowest - 1;
  if (half >= 0) {
    const int digit = half / kDigitBits;
    sticky = (digits[digit] & ((int64_t{1} << (half % kDigitBits)) - 1)) != 0;
    for (int i = 0; i < digit && !sticky; ++i) sticky = digits[i] != 0;
  }
  if (bit(half) && (sticky || (mantissa & 1) != 0)) ++mantissa;
  double value = std::ldexp(static_cast<double>(mantissa), lowest + kLeastExponent);  // exact, or beyond the range
  if (type == DType::f32 && value > std::numeric_limits<float>::max()) value = kInfinity;
  return negative ? -value : value;
}

}  // namespace quadrille
