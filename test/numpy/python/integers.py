"""Whole numbers are exact, division as Python divides."""
import math

for a in [7, -7, 0, 10 ** 20, -(10 ** 20) + 1, 2 ** 53 + 1]:
    for b in [2, -3, 10 ** 10, -(2 ** 64)]:
        print(a // b, a % b, a / b, a * b, a - b, a < b, a == b, -a // b, divmod(a, b))
for a in [7.5, -7.5, 0.0, 1e300, -0.0, 3.0]:
    for b in [2, -2.5, 1e-3, -7]:
        print(a // b, a % b, a / b, a * b, divmod(a, b), a <= b)
print(2 ** 10, 2 ** -2, (-2) ** 3, 0 ** 0, 2 ** 200 % 97, 7 ** 77, 2.0 ** 0.5, (-1) ** 0.0, 9 ** 0.5)
print(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 40, -5 >> 1, True + True, True & False, not True)
print(2 ** 53 == 2 ** 53 + 1.0, 2 ** 53 + 1 == float(2 ** 53), 1 == 1.0, 0.1 + 0.2 == 0.3, 3 > 2.9)
print(int(-3.7), int(3.7), int('  12 '), int(True), round(3.5), round(4.5), round(-2.5), round(1234, -2), round(1250, -2), round(1350, -2))
print(math.floor(2.7), math.ceil(2.1), math.trunc(-2.7), math.gcd(12, 18), math.factorial(20), math.isqrt(99), math.hypot(3, 4))
print(math.sqrt(2), math.fabs(-3), math.copysign(1, -0.0), math.fmod(-7, 3), math.isnan(math.nan), math.inf, -math.inf, math.e, math.tau)
print(float('inf'), float('-inf'), float('nan'), float('1e-3'), float(10 ** 22), abs(-7), abs(-7.5), abs(True))
print(1e308 * 10, -1e308 * 10, 1e308 * 10 - 1e308 * 10)
print(range(5), range(1, 10, 3), list(range(10, 0, -4)), len(range(0, 10, 3)), 4 in range(0, 10, 2), range(3)[-1])
