"""The Numba peer: the loop nests that a Numba user writes, parallel and with fastmath."""

import numba
from numba import prange

from protocol import (BURGERS_C, BURGERS_D, BURGERS_U, BURGERS_V, FDTD_C, FIRST, SECOND, THIRD, WAVE, WAVE_M, initial,
                      serve)

jit = numba.njit(parallel=True, fastmath=True, cache=True)
C, D, E = BURGERS_C, BURGERS_D, FDTD_C
W0, W1, W2, W3, W4 = 3 * WAVE[0], *WAVE[1:]


@jit
def laplace2d(y, x):
    for i in prange(1, x.shape[0] - 1):
        for j in range(1, x.shape[1] - 1):
            y[i, j] = 0.25 * (x[i - 1, j] + x[i + 1, j] + x[i, j - 1] + x[i, j + 1])


@jit
def laplace3d(y, x):
    for i in prange(1, x.shape[0] - 1):
        for j in range(1, x.shape[1] - 1):
            for k in range(1, x.shape[2] - 1):
                y[i, j, k] = 1 / 6 * (x[i - 1, j, k] + x[i + 1, j, k] + x[i, j - 1, k] + x[i, j + 1, k] +
                                      x[i, j, k - 1] + x[i, j, k + 1])


@jit
def burgers2d(p, q, u, v):
    for i in prange(1, u.shape[0] - 1):
        for j in range(1, u.shape[1] - 1):
            a, b = u[i, j], v[i, j]
            p[i, j] = (a - C * a * (a - u[i, j - 1]) - C * b * (a - u[i - 1, j]) +
                       D * (u[i, j + 1] - 2 * a + u[i, j - 1]) + D * (u[i + 1, j] - 2 * a + u[i - 1, j]))
            q[i, j] = (b - C * a * (b - v[i, j - 1]) - C * b * (b - v[i - 1, j]) +
                       D * (v[i, j + 1] - 2 * b + v[i, j - 1]) + D * (v[i + 1, j] - 2 * b + v[i - 1, j]))


@jit
def wave3d(q, p, m):
    for i in prange(4, p.shape[0] - 4):
        for j in range(4, p.shape[1] - 4):
            for k in range(4, p.shape[2] - 4):
                total = (W0 * p[i, j, k] +
                         W1 * (p[i - 1, j, k] + p[i + 1, j, k] + p[i, j - 1, k] + p[i, j + 1, k] + p[i, j, k - 1] +
                               p[i, j, k + 1]) +
                         W2 * (p[i - 2, j, k] + p[i + 2, j, k] + p[i, j - 2, k] + p[i, j + 2, k] + p[i, j, k - 2] +
                               p[i, j, k + 2]) +
                         W3 * (p[i - 3, j, k] + p[i + 3, j, k] + p[i, j - 3, k] + p[i, j + 3, k] + p[i, j, k - 3] +
                               p[i, j, k + 3]) +
                         W4 * (p[i - 4, j, k] + p[i + 4, j, k] + p[i, j - 4, k] + p[i, j + 4, k] + p[i, j, k - 4] +
                               p[i, j, k + 4]))
                q[i, j, k] = 2 * p[i, j, k] - q[i, j, k] + m[i, j, k] * total


@jit
def fdtd2d(e, hx, hy):
    m, n = e.shape
    for i in prange(m):
        for j in range(n - 1):
            hx[i, j] -= E * (e[i, j + 1] - e[i, j])
    for i in prange(m - 1):
        for j in range(n):
            hy[i, j] += E * (e[i + 1, j] - e[i, j])
    for i in prange(1, m - 1):
        for j in range(1, n - 1):
            e[i, j] += E * (hy[i, j] - hy[i - 1, j] - (hx[i, j] - hx[i, j - 1]))


class Solver:
    """Compiled for its types before anything is timed, by a call on fields too small to change."""

    def __init__(self, shape, dtype):
        self.kernel(*self.fields(tuple(1 for _ in shape), dtype))
        self.all = self.fields(shape, dtype)


class Laplace2d(Solver):
    kernel = staticmethod(laplace2d)

    def fields(self, shape, dtype):
        return [initial(shape, dtype, FIRST) for _ in range(2)]

    def step(self):
        y, x = self.all
        self.kernel(y, x)
        self.all = [x, y]

    def results(self):
        return self.all[1:]


class Laplace3d(Laplace2d):
    kernel = staticmethod(laplace3d)


class Burgers2d(Solver):
    kernel = staticmethod(burgers2d)

    def fields(self, shape, dtype):
        return [initial(shape, dtype, numbers) for numbers in (BURGERS_U, BURGERS_V) * 2]

    def step(self):
        p, q, u, v = self.all
        self.kernel(p, q, u, v)
        self.all = [u, v, p, q]

    def results(self):
        return self.all[2:]


class Wave3d(Solver):
    kernel = staticmethod(wave3d)

    def fields(self, shape, dtype):
        return [initial(shape, dtype, numbers) for numbers in (FIRST, FIRST, WAVE_M)]

    def step(self):
        q, p, m = self.all
        self.kernel(q, p, m)
        self.all = [p, q, m]

    def results(self):
        return [self.all[1], self.all[0]]


class Fdtd2d(Solver):
    kernel = staticmethod(fdtd2d)

    def fields(self, shape, dtype):
        m, n = shape
        return [initial(s, dtype, numbers)
                for s, numbers in (((m, n), FIRST), ((m, n - 1), SECOND), ((m - 1, n), THIRD))]

    def step(self):
        self.kernel(*self.all)

    def results(self):
        return self.all


serve({"laplace2d": Laplace2d, "laplace3d": Laplace3d, "burgers2d": Burgers2d, "wave3d": Wave3d, "fdtd2d": Fdtd2d},
      numba.set_num_threads)
