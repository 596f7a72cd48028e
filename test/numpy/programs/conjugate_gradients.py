"""Poisson's equation by conjugate gradients, without a matrix, to a tolerance."""
import numpy as np


def apply(p):
    q = np.zeros_like(p)
    q[1:-1, 1:-1] = (4 * p[1:-1, 1:-1] - p[2:, 1:-1] - p[:-2, 1:-1] - p[1:-1, 2:] - p[1:-1, :-2])
    return q


n = 32
b = np.zeros((n, n))
b[n // 4, n // 3] = 1.0
b[3 * n // 4, n // 2] = -1.0
x = np.zeros((n, n))
r = b - apply(x)
p = r.copy()
rs = np.sum(r * r)
iterations = 0
while np.sqrt(rs) > 1e-8:
    q = apply(p)
    alpha = rs / np.sum(p * q)
    x += alpha * p
    r -= alpha * q
    rs_new = np.sum(r * r)
    p = r + (rs_new / rs) * p
    rs = rs_new
    iterations += 1
print(f'{iterations} iterations')
np.save('x.npy', x)
