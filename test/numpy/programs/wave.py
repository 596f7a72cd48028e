"""2-D wave equation, second order in time, three levels whose names rotate."""
import numpy as np

n = 64
steps = 120
c, L = 1.0, 1.0
h = L / (n - 1)
dt = 0.5 * h / c
r2 = (c * dt / h) ** 2

x = np.linspace(0, L, n)
y = np.linspace(0, L, n)
X, Y = np.meshgrid(x, y, indexing='ij')
# a polynomial bump: the same bits everywhere
bump = X * (1 - X) * Y * (1 - Y)
u_prev = 16 * bump**2
u = u_prev.copy()
u_next = np.zeros_like(u)


def laplacian(a):
    return a[2:, 1:-1] + a[:-2, 1:-1] + a[1:-1, 2:] + a[1:-1, :-2] - 4 * a[1:-1, 1:-1]


u[1:-1, 1:-1] += 0.5 * r2 * laplacian(u_prev)
for step in range(steps):
    u_next[1:-1, 1:-1] = 2 * u[1:-1, 1:-1] - u_prev[1:-1, 1:-1] + r2 * laplacian(u)
    u_prev, u, u_next = u, u_next, u_prev

np.save('wave.npy', u)
