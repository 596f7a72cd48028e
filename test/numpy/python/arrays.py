"""What programs print of arrays: numbers taken from them, their types, how close they are."""
import numpy as np

u = np.linspace(0, 2, 9)
v = u.copy()
v[3] += 1e-9
print('max = %.4f, of %d' % (u.max(), len(u)), '%s' % u.min(), '%5.1f|%%' % np.sum(u))
pair = (u.max(), u.argmax())
print('%.2f at %d' % pair, 'mean {:.3f}'.format(u.mean()), f'{u.min():.1e}')
print(u.dtype, u.dtype == np.float64, u.astype(np.int32).dtype, [u.dtype], u.itemsize, u.nbytes, np.zeros(3, bool).nbytes)
print(np.allclose(u, v), np.allclose(u, v, rtol=0, atol=1e-10), np.allclose(u, 1.0), np.allclose(2.0, u + 2 - u))
print(np.isclose(1.0, 1.0 + 1e-9), np.isclose(1.0, 1.1), np.isclose(np.inf, np.inf), np.isclose(np.nan, np.nan, equal_nan=True))
print(np.array_equal(u, u), np.array_equal(u, v), np.array_equal(u, u[1:]))
w = u.copy()
w[0], w[1], w[2] = np.nan, np.inf, -np.inf
for other in (w, w + 1e-9, -w):
    print(np.isclose(w, other).sum() == 7, np.isclose(w, other, equal_nan=True).sum() == 9, np.allclose(w, other, equal_nan=True))
for number in (np.nan, np.inf, 0.5):
    print(np.sum(np.isclose(w, number)) == 1, np.sum(np.isclose(w, number, equal_nan=True)) == 1)
if np.allclose(u, v) and not np.allclose(u, w):
    print('close')
X, Y = np.meshgrid(range(4), range(0, 6, 2))
print(X.shape, X.dtype, Y[2, 3], np.array(range(5)).sum() == 10)
