"""Arrays and numbers of NumPy's within text, and the functions of numbers."""
import numpy as np

u = np.linspace(0, 1, 3)
print('u = %s' % u, 'u = {}'.format(u), 'u = {0!s}, {a}'.format(u, a=u + 1), '%s|%6.2f|%s' % (u, u[1], u.sum()))
print('%c%c|%3c' % ('z', 65, 'a'), '%d %i' % (2.9, True))
print(np.mod(7, 4), np.remainder(-7, 4), np.floor_divide(9, 4), np.sign(-3), np.fmod(-7, 4), np.bitwise_and(6, 3))
print(list(range(np.floor_divide(9, 4))), np.isnan(2.0), np.isfinite(3), np.signbit(-1.0), np.logical_xor(1, 0))
i = np.arange(3) + np.mod(7, 4)
print(i.dtype, i)
mask, small = u > 0.4, np.array([1, 2, 3], np.int32)
print(np.isclose(mask, mask), np.isclose(small, 3e9), np.isclose(mask, 1), np.allclose(small, small), np.isclose(3e9, small))
