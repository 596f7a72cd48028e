"""Recurrences along every direction: rows, columns and planes that are computed one from the other."""
import numpy as np

N = 30
a = ((np.arange(N * N) * 7 % 23) / 16.0).reshape((N, N))
b = ((np.arange(N * N) * 5 % 19) / 16.0).reshape((N, N))
c = np.zeros((N, N))

# Down and up, left and right.
for s in range(3):
    for i in range(1, N):
        a[i, 1:-1] += 0.5 * a[i - 1, :-2]
    for i in range(N - 2, -1, -1):
        b[i] = 0.25 * b[i + 1] + b[i]
    for j in range(1, N):
        c[:, j] = 0.5 * (c[:, j - 1] + a[j, :])
    for j in range(N - 2, -1, -1):
        c[1:-1, j] -= 0.125 * c[1:-1, j + 1] * b[j, 1:-1]

# Every other row, red and black; from the end; by twice the variable.
for i in range(2, N - 1, 2):
    a[i] = 0.5 * (a[i - 1] + a[i + 1])
for i in range(1, N - 1, 2):
    a[i] = 0.5 * (a[i - 1] + a[i + 1])
for i in range(2, N):
    b[-i, 1:] = 0.5 * (b[-i + 1, :-1] + c[N - i, 1:])
for i in range(1, N // 2):
    c[2 * i, :] = c[2 * i - 1, :] + a[:, i]
for i in range(1 - N, 0):
    b[i] += 0.5 * b[i - 1]

# Names of the moment, and rows that lie still.
top = a[0]
for i in range(1, N):
    m = 1.0 / (2.0 + np.abs(a[i - 1]))
    c[i] = m * c[i - 1]
    a[i] = (a[i] + top) * m

# Elements one by one.
for i in range(1, N):
    for j in range(1, N):
        b[i, j] = 0.25 * (b[i - 1, j] + b[i, j - 1]) + 0.5 * b[i, j]

# Planes and lines of a box.
d = ((np.arange(10 * 12 * 14) * 11 % 17) / 8.0).reshape((10, 12, 14))
e = np.ones((10, 12, 14))
for k in range(1, 14):
    e[:, :, k] = d[:, :, k] - 0.5 * e[:, :, k - 1]
for k in range(1, 12):
    e[1:-1, k] += 0.5 * e[1:-1, k - 1] * d[:-2, k]
for k in range(8, -1, -1):
    d[k] = 0.5 * d[k + 1] + e[k]
for k in range(1, 12):
    d[4, k, 1:] = d[3, k, :-1] - d[4, k - 1, 1:]

np.save('a.npy', a)
np.save('b.npy', b)
np.save('c.npy', c)
np.save('d.npy', d)
np.save('e.npy', e)
