"""FDTD for Maxwell's equations in 2-D (TM): Yee's staggered grid, perfectly conducting walls, a source in the middle."""
import numpy as np

nx = 60
ny = 50
steps = 80
S = 0.5  # Courant number

Ez = np.zeros((nx, ny))
Hx = np.zeros((nx, ny - 1))
Hy = np.zeros((nx - 1, ny))
eps = np.ones((nx, ny))
eps[nx // 2 + 5:, :] = 2.25  # a half space of glass
ce = S / eps

for t in range(steps):
    Hx -= S * (Ez[:, 1:] - Ez[:, :-1])
    Hy += S * (Ez[1:, :] - Ez[:-1, :])
    curl = (Hy[1:, 1:-1] - Hy[:-1, 1:-1]) - (Hx[1:-1, 1:] - Hx[1:-1, :-1])
    Ez[1:-1, 1:-1] += ce[1:-1, 1:-1] * curl
    pulse = (t - 20) / 8.0
    Ez[nx // 3, ny // 2] += 1.0 / (1.0 + pulse * pulse)**2

np.save('Ez.npy', Ez)
np.save('Hx.npy', Hx)
np.save('Hy.npy', Hy)
