"""The NumPy peer: the lines that a NumPy user writes, in the same order of operations as every other peer."""

from protocol import (BURGERS_C, BURGERS_D, BURGERS_U, BURGERS_V, FDTD_C, FIRST, SECOND, THIRD, WAVE, WAVE_M, initial,
                      serve)


class Laplace2d:
    def __init__(self, shape, dtype):
        self.x, self.y = initial(shape, dtype, FIRST), initial(shape, dtype, FIRST)

    def step(self):
        x, y = self.x, self.y
        y[1:-1, 1:-1] = 0.25 * (x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:])
        self.x, self.y = y, x

    def results(self):
        return [self.x]


class Laplace3d(Laplace2d):
    def step(self):
        x, y = self.x, self.y
        y[1:-1, 1:-1, 1:-1] = 1 / 6 * (x[:-2, 1:-1, 1:-1] + x[2:, 1:-1, 1:-1] + x[1:-1, :-2, 1:-1] +
                                       x[1:-1, 2:, 1:-1] + x[1:-1, 1:-1, :-2] + x[1:-1, 1:-1, 2:])
        self.x, self.y = y, x


class Burgers2d:
    def __init__(self, shape, dtype):
        self.u, self.v = initial(shape, dtype, BURGERS_U), initial(shape, dtype, BURGERS_V)
        self.p, self.q = self.u.copy(), self.v.copy()

    def step(self):
        u, v, p, q, C, D = self.u, self.v, self.p, self.q, BURGERS_C, BURGERS_D
        a, b = u[1:-1, 1:-1], v[1:-1, 1:-1]
        p[1:-1, 1:-1] = (a - C * a * (a - u[1:-1, :-2]) - C * b * (a - u[:-2, 1:-1]) +
                         D * (u[1:-1, 2:] - 2 * a + u[1:-1, :-2]) + D * (u[2:, 1:-1] - 2 * a + u[:-2, 1:-1]))
        q[1:-1, 1:-1] = (b - C * a * (b - v[1:-1, :-2]) - C * b * (b - v[:-2, 1:-1]) +
                         D * (v[1:-1, 2:] - 2 * b + v[1:-1, :-2]) + D * (v[2:, 1:-1] - 2 * b + v[:-2, 1:-1]))
        self.u, self.v, self.p, self.q = p, q, u, v

    def results(self):
        return [self.u, self.v]


class Wave3d:
    def __init__(self, shape, dtype):
        self.p, self.q = initial(shape, dtype, FIRST), initial(shape, dtype, FIRST)
        self.m = initial(shape, dtype, WAVE_M)

    def step(self):
        p, q, m = self.p, self.q, self.m
        c = slice(4, -4)
        total = 3 * WAVE[0] * p[c, c, c]
        for r in range(1, 5):
            low, high = slice(4 - r, -4 - r), slice(4 + r, r - 4 or None)
            total += WAVE[r] * (p[low, c, c] + p[high, c, c] + p[c, low, c] + p[c, high, c] + p[c, c, low] +
                                p[c, c, high])
        q[c, c, c] = 2 * p[c, c, c] - q[c, c, c] + m[c, c, c] * total
        self.p, self.q = q, p

    def results(self):
        return [self.p, self.q]


class Fdtd2d:
    def __init__(self, shape, dtype):
        m, n = shape
        self.e = initial(shape, dtype, FIRST)
        self.hx, self.hy = initial((m, n - 1), dtype, SECOND), initial((m - 1, n), dtype, THIRD)

    def step(self):
        e, hx, hy, C = self.e, self.hx, self.hy, FDTD_C
        hx -= C * (e[:, 1:] - e[:, :-1])
        hy += C * (e[1:, :] - e[:-1, :])
        e[1:-1, 1:-1] += C * (hy[1:, 1:-1] - hy[:-1, 1:-1] - (hx[1:-1, 1:] - hx[1:-1, :-1]))

    def results(self):
        return [self.e, self.hx, self.hy]


serve({"laplace2d": Laplace2d, "laplace3d": Laplace3d, "burgers2d": Burgers2d, "wave3d": Wave3d, "fdtd2d": Fdtd2d})
