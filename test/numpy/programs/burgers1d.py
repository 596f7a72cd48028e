"""1-D Burgers' equation: upwind convection, central diffusion, periodic (CFD Python, step 4)."""
import math

import numpy as np

nx = 101
nt = 100
dx = 2 * math.pi / (nx - 1)
nu = .07
dt = dx * nu
x = np.linspace(0, 2 * math.pi, nx)
u = 1 + x * (2 * math.pi - x) / 4

for n in range(nt):
    un = u.copy()
    u[1:-1] = (un[1:-1] - un[1:-1] * dt / dx * (un[1:-1] - un[:-2]) +
               nu * dt / dx**2 * (un[2:] - 2 * un[1:-1] + un[:-2]))
    u[0] = (un[0] - un[0] * dt / dx * (un[0] - un[-2]) +
            nu * dt / dx**2 * (un[1] - 2 * un[0] + un[-2]))
    u[-1] = u[0]

np.save('burgers1d.npy', u)
