import numpy as np

# NumPy's numbers keep their type: what they print, how they round, and what they give with Python's and each other.
a = np.float32(0.1)
b = np.float32(3)
print(a, b, a + b, a * b, a / b, -a, abs(-a), a // b, b % a, a ** 2, b ** 0.5)
print(a + 0.2, 0.2 + a, a * 2, 2 - a, a + True, a + np.float64(0.2), np.float64(0.1) + a)
print(type(a + 1.0), type(a + np.float64(1)), type(np.int32(1) + a), type(np.int32(1) + 1), type(np.int32(1) + 1.0))
print([a, np.float64(0.1), np.int32(4), np.bool_(True)], (a,), {'a': a})
print(f'{a} {a:.3f} {a:8.2e} {np.int32(7):5d} {np.float64(0.25):>8}|', '%s %.2f %d' % (a, a, b), '{} {:g}'.format(a, a))
print(np.float32(16777216.0), np.float32(1e16), np.float32(1e-5), np.float32(123456.79), np.float32(3.4e38) * 10)
print(np.float32(1e-4), np.float32(0.00012345), np.float32(1e15), np.float32(-0.0), np.float32('nan'))

# Divisions by zero are no exceptions, of Python's floats they are.
z = np.float64(0.0)
with np.errstate(all='ignore'):
    print(np.float64(1) / z, -1 / z, z / z, 1.0 / np.float32(0), np.float64(1) // z, np.float64(1) % z, np.int64(1) / 0)
    print(np.int64(7) // 0, np.int64(7) % np.int64(0), z ** -1, np.float64(-8) ** (1 / 3), np.sqrt(-1.0))
    print(np.int32(2147483647) + np.int32(1), np.int32(65536) * np.int32(65536), np.int64(2) ** 63, -np.int32(-2147483648))

i = np.int32(7)
print(i // 2, -i // 2, i % -4, i / 2, i << 3, i >> 1, i & 5, i | 8, i ^ 2, ~i, i ** 3, 2 ** i, i + True, abs(np.int32(-3)))
print(type(i / 2), type(i // 2), type(i * np.int64(2)), type(i + 2 ** 20), type(np.int64(1) * 1.5))

t, f = np.bool_(True), np.bool_(False)
print(t + t, t * f, t & f, t | f, t ^ t, ~t, t + 1, t * 2.5, not t, t and f, t == True)
print(type(t + t), type(t + 1), type(np.float64(1) < 2), (np.float64(1) < 2) + (np.float64(3) < 4))

# Functions of numbers give NumPy's.
print(type(np.sqrt(2.0)), type(np.sqrt(np.float32(2))), type(np.abs(-3)), type(np.maximum(1, 2)), type(np.floor(2.5)))
print(np.sqrt(np.float32(2)), np.square(np.float32(1.1)), np.maximum(np.float32(0.1), 0.05), np.sign(-3), np.isnan(a))
print(np.minimum(2, 3.5), np.add(1, True), np.power(2, 10), np.hypot(3, 4), np.where(True, 1, 2.5), np.round(np.float32(2.675), 2))
print(np.float64(2.675).round(2), round(np.float64(2.675), 2), round(np.float64(2.5)), round(2.675, 2), type(round(np.float32(2.5))))

# Comparisons, keys, truth, indices, conversions.
print(a == 0.1, a < 0.1, np.float64(0.1) == a, np.float32(0.5) == 0.5, np.int64(3) == 3.0, i in [7, 8], i in range(10))
d = {1: 'one', 0.5: 'half'}
print(d[np.int64(1)], d[np.float32(0.5)], np.float64(1.0) in d)
print([10, 20, 30][np.int64(1)], 'abc'[np.int32(2)], list(range(np.int64(3))), [0] * np.int64(3), (1, 2) * np.int32(2))
print(int(np.float32(3.7)), float(a), bool(np.float64(0)), int(i), float(np.float64(2)), str(a), repr(np.float64(1e22)))
print(isinstance(np.float64(1), float), isinstance(a, float), isinstance(i, int), isinstance(a, np.floating), isinstance(i, np.integer))
print(a.dtype, i.dtype, a.shape, a.ndim, a.size, a.item(), i.item(), a.astype(np.float64), np.float64(3.9).astype(int))
print(max(np.float32(0.1), 0.05), min(i, 9), sum([a, a, a]), sorted([np.float64(3), 1, np.int64(2)]), divmod(np.int64(7), 2))
print('yes' if np.float64(0.5) else 'no', 'yes' if np.bool_(False) else 'no', not np.float32(0))
print(np.float64(3) == np.int64(3), np.int64(2 ** 62) + 1, np.int64(2 ** 62) * 2)
total = 0
for k in range(5):
    total += np.float64(k) > 1
print(total, type(total))
