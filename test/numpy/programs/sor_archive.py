"""Red-black over-relaxation of masks, slices with names, rows by lists of places; what it found goes through an archive."""
import numpy as np
from math import *

inner = np.s_[1:-1, 1:-1]
west, east = (slice(1, -1), slice(None, -2)), (slice(1, -1), slice(2, None))


def sor(f, h, *, omega=1.5, tol=1e-6, maxiter=60):
    u = np.zeros_like(f)
    i, j = np.mgrid[0:f.shape[0], 0:f.shape[1]]
    masks = {'red': (i + j) % 2 == 0, 'black': (i + j) % 2 == 1}
    for mask in masks.values():
        mask[[0, -1], :] = False
        mask[:, [0, -1]] = False
    history = []
    for it in range(maxiter):
        old = u.copy()
        for name in ('red', 'black'):
            nb = np.zeros_like(u)
            nb[inner] = (u[2:, 1:-1] + u[:-2, 1:-1] + u[west] + u[east] - h * h * f[inner]) / 4
            mask = masks[name]
            u[mask] = (1 - omega) * u[mask] + omega * nb[mask]
        history.append(np.max(np.abs(u - old)))
        if history[-1] < tol:
            break
    else:
        print('no convergence after', maxiter)
    return u, np.array(history)


n = 45
x = np.linspace(0, 1, n).reshape(-1, 1)
y = np.linspace(0, 1, n).reshape(1, -1)
u, history = sor(x * (1 - x) * y * floor(2.5), 1 / (n - 1))
assert history[0] > history[-1] > 0
with np.errstate(divide='ignore', invalid='ignore'):
    share = np.where(u != 0, np.abs(u) / u, 0)
print(f'{history.size = } {history[-1]:.6e} {np.count_nonzero(share)} {u[[n // 2 - 1], :].shape}')
weights = np.array([1, 2, 3, 4.0])
profile = sum(w * row for w, row in zip(weights, u[[5, 10, 15, 20]])) / np.sum([1, 2, 3, 4])
np.savez('result', u, history=history, share=share.astype(np.int32))
np.savez_compressed('packed.npz', profile=profile)
result, packed = np.load('result.npz'), np.load('packed.npz')
print(sorted(result.files), packed.files)
for name in result.files:
    np.save(name, result[name])
np.save('profile', np.outer(packed['profile'], [1, 0.5]))
np.save('quarters', np.tile(np.diag(weights), (2, 1)) + np.tril(np.ones((8, 4)), -2))
