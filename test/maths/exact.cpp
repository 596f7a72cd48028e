// `exact FUNCTION f64|f32 FILE`: the greatest error, in units in the last place, of results that somebody computed.
// FILE: n triples of doubles (x, y, result). Out, as JSON: that error, where it is, and how many were not the nearest
// float. The truth is libquadmath's, with 113 bits; its own error of 1e-34 is nothing to 2e-16.
#include <quadmath.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

using Quad = __float128;
using Function = std::function<Quad(Quad, Quad)>;

static const std::map<std::string, Function> kFunctions = {
    {"exp", [](Quad x, Quad) { return expq(x); }},
    {"exp2", [](Quad x, Quad) { return exp2q(x); }},
    {"expm1", [](Quad x, Quad) { return expm1q(x); }},
    {"log", [](Quad x, Quad) { return logq(x); }},
    {"log1p", [](Quad x, Quad) { return log1pq(x); }},
    {"log2", [](Quad x, Quad) { return log2q(x); }},
    {"log10", [](Quad x, Quad) { return log10q(x); }},
    {"cbrt", [](Quad x, Quad) { return cbrtq(x); }},
    {"sin", [](Quad x, Quad) { return sinq(x); }},
    {"cos", [](Quad x, Quad) { return cosq(x); }},
    {"tan", [](Quad x, Quad) { return tanq(x); }},
    {"asin", [](Quad x, Quad) { return asinq(x); }},
    {"acos", [](Quad x, Quad) { return acosq(x); }},
    {"atan", [](Quad x, Quad) { return atanq(x); }},
    {"sinh", [](Quad x, Quad) { return sinhq(x); }},
    {"cosh", [](Quad x, Quad) { return coshq(x); }},
    {"tanh", [](Quad x, Quad) { return tanhq(x); }},
    {"asinh", [](Quad x, Quad) { return asinhq(x); }},
    {"acosh", [](Quad x, Quad) { return acoshq(x); }},
    {"atanh", [](Quad x, Quad) { return atanhq(x); }},
    {"sqrt", [](Quad x, Quad) { return sqrtq(x); }},
    {"pow", [](Quad x, Quad y) { return powq(x, y); }},
    {"atan2", [](Quad x, Quad y) { return atan2q(x, y); }},
    {"hypot", [](Quad x, Quad y) { return hypotq(x, y); }},
};

// Distance from |x| to the next larger float of the format, x rounded towards zero to it.
template <class T>
Quad ulpOf(Quad x) {
  using Limits = std::numeric_limits<T>;
  int exponent = Limits::min_exponent;
  if (fabsq(x) > Limits::min()) (void)frexpq(x, &exponent);
  return ldexpq(1, exponent - Limits::digits);
}

template <class T>
double errorOf(T got, Quad truth) {
  if (isnanq(truth) || std::isnan(got)) return isnanq(truth) && std::isnan(got) ? 0 : INFINITY;
  const T nearest = static_cast<T>(truth);
  if (std::isinf(nearest) || std::isinf(got)) {
    // At the edge the largest float may become infinite, one ULP off, and the other way round.
    const T edge = std::numeric_limits<T>::max();
    return got == nearest ? 0 : std::fabs(got) >= edge && std::fabs(nearest) >= edge ? 1 : INFINITY;
  }
  if (got == 0 && nearest == 0 && std::signbit(got) != std::signbit(nearest)) return INFINITY;
  return static_cast<double>(fabsq(static_cast<Quad>(got) - truth) / ulpOf<T>(truth));
}

template <class T>
int report(const Function& function, const std::vector<double>& data) {
  double most = 0, x = 0, y = 0;
  size_t different = 0;
  for (size_t i = 0; i + 2 < data.size(); i += 3) {
    const Quad truth = function(data[i], data[i + 1]);
    const T got = static_cast<T>(data[i + 2]), nearest = static_cast<T>(truth);
    if (std::memcmp(&got, &nearest, sizeof got) != 0 && !(std::isnan(got) && std::isnan(nearest))) ++different;
    const double error = errorOf<T>(got, truth);
    if (error > most) most = error, x = data[i], y = data[i + 1];
  }
  std::printf("{\"ulp\": %.17g, \"x\": \"%.17g\", \"y\": \"%.17g\", \"different\": %zu}\n", std::fmin(most, 1e300), x, y,
              different);
  return 0;
}

int main(int argc, char** argv) {
  if (argc != 4 || !kFunctions.count(argv[1])) return 2;
  std::FILE* file = std::fopen(argv[3], "rb");
  if (!file) return 2;
  std::vector<double> data;
  double block[3072];
  for (size_t n; (n = std::fread(block, sizeof(double), 3072, file)) > 0;) data.insert(data.end(), block, block + n);
  std::fclose(file);
  const Function& function = kFunctions.at(argv[1]);
  return std::strcmp(argv[2], "f32") == 0 ? report<float>(function, data) : report<double>(function, data);
}
