"""The wave equation with a perfectly matched layer (split field), a steady source, receivers at a list of places."""
import numpy as np


def profile(n, width, strength):
    sigma = np.zeros(n)
    ramp = ((np.arange(width) + 0.5) / width)[::-1] ** 2 * strength
    sigma[:width] = ramp
    sigma[-width:] = ramp[::-1]
    return sigma


nx, ny, steps, width = 60, 50, 80, 10
h, c = 1.0, 1.0
dt = 0.5 * h / c
sx = profile(nx, width, 0.8)[:, np.newaxis]
sy = profile(ny, width, 0.8)
px, py = np.zeros((nx, ny)), np.zeros((nx, ny))
vx, vy = np.zeros((nx - 1, ny)), np.zeros((nx, ny - 1))
sxm, sym = 0.5 * (sx[1:] + sx[:-1]), 0.5 * (sy[1:] + sy[:-1])
rows, cols = [20, 30, 40], [25, 25, 10]
traces = np.zeros((steps, len(rows)))
for it in range(steps):
    p = px + py
    vx = ((1 - 0.5 * dt * sxm) * vx - dt / h * (p[1:] - p[:-1])) / (1 + 0.5 * dt * sxm)
    vy = ((1 - 0.5 * dt * sym) * vy - dt / h * (p[:, 1:] - p[:, :-1])) / (1 + 0.5 * dt * sym)
    px[1:-1] = ((1 - 0.5 * dt * sx[1:-1]) * px[1:-1] - dt * c * c / h * (vx[1:] - vx[:-1])) / (1 + 0.5 * dt * sx[1:-1])
    py[:, 1:-1] = ((1 - 0.5 * dt * sy[1:-1]) * py[:, 1:-1] - dt * c * c / h * (vy[:, 1:] - vy[:, :-1])) / (
        1 + 0.5 * dt * sy[1:-1])
    px[nx // 2, ny // 2] += dt * 0.5
    traces[it] = p[rows, cols]
np.save('p.npy', px + py)
np.save('traces.npy', traces)
print(traces.shape, f'{np.abs(traces).max():.6f}')
