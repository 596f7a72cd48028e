"""Heat conduction by Crank-Nicolson with a class, a Thomas solve per step."""
import numpy as np


class Rod:
    """A rod of n points with fixed ends."""

    kind = 'rod'

    def __init__(self, n, length=1.0, kappa=0.1):
        self.n = n
        self.dx = length / (n - 1)
        self.kappa = kappa
        self.x = np.linspace(0.0, length, n)
        self.u = 4 * self.x * (1 - self.x) + 0.5 * self.x * (1 - self.x) * (1 - 2 * self.x)
        self.time = 0.0
        self.history = []

    def step(self, dt):
        r = self.kappa * dt / (2 * self.dx ** 2)
        u, n = self.u, self.n
        rhs = u.copy()
        rhs[1:-1] = r * u[:-2] + (1 - 2 * r) * u[1:-1] + r * u[2:]
        self.u = thomas(-r, 1 + 2 * r, -r, rhs)
        self.time += dt
        self.history.append(self.peak())

    def peak(self):
        return float(np.max(self.u))

    def describe(self):
        return f'{self.kind} of {self.n} points at t = {self.time:.3f}'


def thomas(a, b, c, d):
    n = len(d)
    cp = np.zeros(n)
    x = d.copy()
    for i in range(1, n - 1):
        m = b - a * cp[i - 1]
        cp[i] = c / m
        x[i] = (x[i] - a * x[i - 1]) / m
    for i in range(n - 2, 0, -1):
        x[i] -= cp[i] * x[i + 1]
    return x


rod = Rod(65)
for _ in range(20):
    rod.step(0.01)
print(rod.describe())
print(f'{rod.history[0]:.6f} {rod.history[-1]:.6f} {len(rod.history)}')
np.save('u.npy', rod.u)
