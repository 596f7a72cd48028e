"""Poisson's equation by V-cycles: weighted Jacobi, full weighting, linear interpolation, recursion over the levels."""
import numpy as np


def smooth(u, f, h, sweeps):
    for _ in range(sweeps):
        r = np.zeros_like(u)
        r[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] +
                                h * h * f[1:-1, 1:-1]) - u[1:-1, 1:-1]
        u += 0.8 * r


def residual(u, f, h):
    r = np.zeros_like(u)
    r[1:-1, 1:-1] = f[1:-1, 1:-1] + (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] -
                                     4 * u[1:-1, 1:-1]) / (h * h)
    return r


def restrict(r):
    n = (r.shape[0] - 1) // 2 + 1
    c = np.zeros((n, n))
    c[1:-1, 1:-1] = (4 * r[2:-2:2, 2:-2:2] +
                     2 * (r[1:-3:2, 2:-2:2] + r[3:-1:2, 2:-2:2] + r[2:-2:2, 1:-3:2] + r[2:-2:2, 3:-1:2]) +
                     r[1:-3:2, 1:-3:2] + r[1:-3:2, 3:-1:2] + r[3:-1:2, 1:-3:2] + r[3:-1:2, 3:-1:2]) / 16
    return c


def prolong(c):
    n = 2 * (c.shape[0] - 1) + 1
    u = np.zeros((n, n))
    u[::2, ::2] = c
    u[1::2, ::2] = 0.5 * (c[:-1, :] + c[1:, :])
    u[:, 1::2] = 0.5 * (u[:, :-2:2] + u[:, 2::2])
    return u


def v_cycle(u, f, h):
    if u.shape[0] <= 3:
        u[1, 1] = 0.25 * h * h * f[1, 1]
        return u
    smooth(u, f, h, 2)
    coarse = restrict(residual(u, f, h))
    e = v_cycle(np.zeros_like(coarse), coarse, 2 * h)
    u += prolong(e)
    smooth(u, f, h, sweeps=2)
    return u


n = 65
cycles = 4
h = 1.0 / (n - 1)
f = np.zeros((n, n))
f[10:20, 30:50] = 1.0
u = np.zeros((n, n))
for cycle in range(cycles):
    u = v_cycle(u, f, h)
np.save('multigrid.npy', u)
