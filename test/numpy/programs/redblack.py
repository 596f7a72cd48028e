"""Gauss-Seidel, red points then black points, by strided slices."""
import numpy as np

n = 33
sweeps = 60
u = np.zeros((n, n))
f = np.zeros((n, n))
f[n // 2, n // 2] = -1.0
u[0, :] = 1.0
h2 = (1.0 / (n - 1)) ** 2


def relax(i, j):
    u[i::2, j::2][:, :] = u[i::2, j::2]  # nothing changes: a view onto itself


def colour(u, i0, j0):
    """One colour's points in rows i0, i0 + 2, ... and columns j0, j0 + 2, ..."""
    u[i0:-1:2, j0:-1:2] = 0.25 * (u[i0 - 1:-2:2, j0:-1:2] + u[i0 + 1::2, j0:-1:2] +
                                  u[i0:-1:2, j0 - 1:-2:2] + u[i0:-1:2, j0 + 1::2] -
                                  h2 * f[i0:-1:2, j0:-1:2])


for sweep in range(sweeps):
    for i0, j0 in [(1, 1), (2, 2), (1, 2), (2, 1)]:
        colour(u, i0, j0)
    relax(0, 0)

np.save('redblack.npy', u)
