// See exact_sum.h.
#include "reduce/exact_sum.h"

#include <bit>
#include <cmath>
#include <limits>

#include "reduce/cut.h"

namespace quadrille {

namespace {

constexpr int kDigitBits = 32;
constexpr int64_t kDigitMask = (int64_t{1} << kDigitBits) - 1;
constexpr int kLeastExponent = -1074;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

void ExactSum::add(double* values, int64_t n) {
  while (n > 0) {
    const CutBlock block = cutBlock(values, n);
    if (!block.done) break;
    addFinite(block.high);
    addFinite(block.low);
    if (!block.rest) return;
  }
  // Infinities, NaN, or numbers too large to cut.
  for (int64_t i = 0; i < n; ++i) add(values[i]);
}

void ExactSum::add(double value) {
  if (std::isfinite(value)) {
    addFinite(value);
  } else if (std::isnan(value)) {
    nan_ = true;
  } else {
    (value > 0 ? plusInfinity_ : minusInfinity_) = true;
  }
}

void ExactSum::addFinite(double value) {
  if (value == 0) return;
  const auto bits = std::bit_cast<uint64_t>(value);
  const int biased = static_cast<int>(bits >> 52 & 0x7ff);
  uint64_t mantissa = bits & ((uint64_t{1} << 52) - 1);
  // Position of the lowest bit, counted from 2^-1074.
  const int shift = biased == 0 ? 0 : biased - 1;
  if (biased != 0) mantissa |= uint64_t{1} << 52;
  const int digit = shift / kDigitBits, within = shift % kDigitBits;
  const auto wide = static_cast<unsigned __int128>(mantissa) << within;  // at most 53 + 31 bits
  const int64_t sign = value < 0 ? -1 : 1;
  digits_[digit] += sign * static_cast<int64_t>(static_cast<uint64_t>(wide) & kDigitMask);
  digits_[digit + 1] += sign * static_cast<int64_t>(static_cast<uint64_t>(wide >> 32) & kDigitMask);
  digits_[digit + 2] += sign * static_cast<int64_t>(static_cast<uint64_t>(wide >> 64) & kDigitMask);
  if (++pending_ >= kMostPending) carry();
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
