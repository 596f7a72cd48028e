"""Implicit vertical diffusion: many tridiagonal systems at once, swept over the levels."""
import numpy as np


def solve_columns(a, b, c, d):
    """Thomas' algorithm along the last axis; a, b, c: one number a level."""
    nz = d.shape[2]
    cp = np.zeros(d.shape)
    x = np.zeros(d.shape)
    cp[:, :, 0] = c / b
    x[:, :, 0] = d[:, :, 0] / b
    for k in range(1, nz):
        m = 1.0 / (b - a * cp[:, :, k - 1])
        cp[:, :, k] = c * m
        x[:, :, k] = (d[:, :, k] - a * x[:, :, k - 1]) * m
    for k in range(nz - 2, -1, -1):
        x[:, :, k] -= cp[:, :, k] * x[:, :, k + 1]
    return x


nx = 12
ny = 10
nz = 16
steps = 5
t = np.zeros((nx, ny, nz))
t[3:9, 2:7, 4:12] = 1.0
r = 0.4
for step in range(steps):
    t = solve_columns(-r, 1 + 2 * r, -r, t)
np.save('thomas.npy', t)
