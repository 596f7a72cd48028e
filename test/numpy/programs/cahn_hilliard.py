"""Cahn-Hilliard in 2-D, finite differences, periodic; mass, energy and the phases' shares by masks."""
import numpy as np


def laplacian(u, h):
    return (np.roll(u, 1, 0) + np.roll(u, -1, 0) + np.roll(u, 1, 1) + np.roll(u, -1, 1) - 4 * u) / h ** 2


def energy(c, eps, h):
    gx = (np.roll(c, -1, axis=0) - c) / h
    gy = (np.roll(c, -1, axis=1) - c) / h
    return np.sum(0.25 * (c ** 2 - 1) ** 2 + 0.5 * eps ** 2 * (gx ** 2 + gy ** 2)) * h * h


n, h, dt, eps = 48, 1.0, 0.01, 1.0
rng = np.random.default_rng(7)
c = 0.2 * (rng.random((n, n)) - 0.5)
for step in range(1, 61):
    mu = c * c * c - c - eps ** 2 * laplacian(c, h)
    c += dt * laplacian(mu, h)
    if step % 20 == 0:
        rich = c > 0
        print(f'{step:4d} energy {energy(c, eps, h):.6f} share {np.count_nonzero(rich) / c.size:.4f} '
              f'mean of rich {c[rich].mean():.6f} least {c[~rich].min():.6f}')
np.save('c.npy', c)
