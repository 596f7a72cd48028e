"""Gray-Scott reaction-diffusion with periodic sides, by np.roll."""
import numpy as np

n = 48
steps = 100
Du, Dv, F, k = 0.16, 0.08, 0.060, 0.062
U = np.ones((n, n))
V = np.zeros((n, n))
r = 6
U[n // 2 - r:n // 2 + r, n // 2 - r:n // 2 + r] = 0.50
V[n // 2 - r:n // 2 + r, n // 2 - r:n // 2 + r] = 0.25


def laplacian(Z):
    return (np.roll(Z, 1, axis=0) + np.roll(Z, -1, axis=0) +
            np.roll(Z, 1, axis=1) + np.roll(Z, -1, axis=1) - 4 * Z)


for i in range(steps):
    Lu = laplacian(U)
    Lv = laplacian(V)
    uvv = U * V * V
    U += Du * Lu - uvv + F * (1 - U)
    V += Dv * Lv + uvv - (F + k) * V

np.save('U.npy', U)
np.save('V.npy', V)
