"""Shallow water on a C grid: forward-backward, rotating, closed basin."""
import numpy as np

nx = 50
ny = 40
steps = 100
dx = dy = 1000.0
g, H, f = 9.81, 100.0, 1e-4
dt = 0.5 * dx / (g * H) ** 0.5

u = np.zeros((nx + 1, ny))
v = np.zeros((nx, ny + 1))
h = np.zeros((nx, ny))
i = np.arange(nx)
j = np.arange(ny)
I, J = np.meshgrid(i, j, indexing='ij')
h += 1.0 / (1.0 + ((I - 20) / 4.0)**2 + ((J - 15) / 4.0)**2)


def step(u, v, h):
    h -= dt * H * ((u[1:, :] - u[:-1, :]) / dx + (v[:, 1:] - v[:, :-1]) / dy)
    vbar = 0.25 * (v[1:, :-1] + v[1:, 1:] + v[:-1, :-1] + v[:-1, 1:])
    u[1:-1, :] += dt * (f * vbar - g * (h[1:, :] - h[:-1, :]) / dx)
    ubar = 0.25 * (u[:-1, 1:] + u[1:, 1:] + u[:-1, :-1] + u[1:, :-1])
    v[:, 1:-1] += dt * (-f * ubar - g * (h[:, 1:] - h[:, :-1]) / dy)


for n in range(steps):
    step(u, v, h)

np.save('u.npy', u)
np.save('v.npy', v)
np.save('h.npy', h)
