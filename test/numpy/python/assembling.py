"""Arrays put together of others have the type that NumPy promotes theirs to."""
import numpy as np

i = np.arange(6)
j = i.astype(np.int32)
m = i > 2
f = np.linspace(0, 1, 6).astype(np.float32)
for made in (np.pad(i, 1, mode='wrap'), np.pad(m, 2), np.stack([i, j]), np.stack([j, j]), np.concatenate([m, m]),
             np.concatenate([m, i]), np.concatenate([f, f]), np.concatenate([i, f]), np.array([i, i]), np.vstack([i, m]),
             np.hstack([j, m]), np.round(i), np.around(j, 2), np.gradient(i), np.gradient(j), np.diff(i)):
    print(made.dtype, made)
world = np.pad((i * 7) % 3 % 2, 1, mode='wrap')
print((world[:-2] + world[2:]) & 1)
