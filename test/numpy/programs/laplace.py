"""Laplace's equation with Neumann sides, to a tolerance (CFD Python, step 9)."""
import numpy as np


def laplace2d(p, y, dx, dy, l1norm_target):
    l1norm = 1
    sweeps = 0
    while l1norm > l1norm_target:
        pn = p.copy()
        p[1:-1, 1:-1] = ((dy**2 * (pn[1:-1, 2:] + pn[1:-1, 0:-2]) +
                          dx**2 * (pn[2:, 1:-1] + pn[0:-2, 1:-1])) /
                         (2 * (dx**2 + dy**2)))
        p[:, 0] = 0  # p = 0 @ x = 0
        p[:, -1] = y  # p = y @ x = 2
        p[0, :] = p[1, :]  # dp/dy = 0 @ y = 0
        p[-1, :] = p[-2, :]  # dp/dy = 0 @ y = 1
        l1norm = (np.sum(np.abs(p[:]) - np.abs(pn[:])) / np.sum(np.abs(pn[:])))
        sweeps += 1
    return p, sweeps


nx = 31
ny = 31
dx = 2 / (nx - 1)
dy = 2 / (ny - 1)
p = np.zeros((ny, nx))
y = np.linspace(0, 1, ny)
p[:, 0] = 0
p[:, -1] = y
p[0, :] = p[1, :]
p[-1, :] = p[-2, :]
p, sweeps = laplace2d(p, y, dx, dy, 1e-3)
print(f'{sweeps} sweeps')
np.save('laplace.npy', p)
