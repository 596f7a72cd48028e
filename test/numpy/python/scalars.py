import numpy as np
import math

def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def f(a, b=2, *, c=3):
    """doc"""
    return a + b * c, a // b, a % b

x, (y, z) = 1, (2.5, -7)
print(x, y, z, f(z), f(1, c=5), fib(12))
print(7 // 2, -7 // 2, 7 % -3, -7.5 // 2, -7.5 % 2, 2**100, 2**-1, 7 / 2, 10**20 / 3)
for i in range(10, 0, -3):
    if i == 4:
        continue
    print(i, end=' ')
else:
    print('done')
k = 0
while True:
    k += 1
    if k > 5: break
print(k, [i * i for i in range(5) if i % 2], (1,), [1, 'a', None, True])
print(f'{3.14159:.3e} {42:>10d} {"s":<5}| {1e10} {1e16} {1e-5} {0.1+0.2!r} {1234567:,} {0.5:%} {2.5:.0f} {0.125:.2f}')
print('%d %5.2f %s %e' % (3, 2.5, 'x', 12345.678), '{} {:.2f} {a}'.format(1, 2.0, a=3))
print(1 < 2 < 3, 1 < 3 < 2, not 0, 1 and 2, 0 or 'x', None is None, 3 in (1, 2, 3), 'a' if x else 'b')
print(math.sqrt(2), math.pi, math.floor(-2.5), round(2.5), round(2.675, 2), abs(-3), min(3, 1, 2), max([4, 5]), sum([1, 2, 3]))
print(int(3.9), int('12'), float('1e3'), str(1.0), bool([]), len('abc'), len((1, 2)))
lst = [1, 2, 3]
lst[0] = 5
lst[1] += 2
lst.append(9)
print(lst, lst[-1], lst[1:], lst[::-1])
for i, (a, b) in enumerate(zip([1, 2], 'ab')):
    print(i, a, b)
print(1e300 * 1e10, -0.0, float('nan'), 1e22, 123456789012345680.0, 5e-324)
if __name__ == "__main__":
    print('main', np.pi, np.sqrt(2.0))
print(True + 1, 3 & 5, 3 | 5, 3 ^ 5, ~3, 1 << 70)
