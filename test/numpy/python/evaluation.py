"""The order in which names are read, and what is walked while it is only computed."""
import numpy as np

n = 1


def bump():
    global n
    n += 1
    return 0


print(n + bump() + n, [n, bump(), n], n * 10 + n * bump() + n)
u = np.ones(3)


def replace():
    global u
    u = np.full(3, 5.0)
    return 2.0


print(u + replace() * u)
u = np.ones(3)
u[:] = u + replace() * u
print(u, np.maximum(replace(), u) + u[n - n])
print(n + sum(map(lambda k: k + bump(), [1, 2])) + n)
w = np.arange(3.0)
for a, b in zip(w + 1, w):
    print(float(a), float(b), end=' ')
print([float(x) * 2 for x in w + 1], [i * float(x) for i, x in enumerate(w * 2)])
print([float(x) for x in list(w + 1)], [float(x) for x in tuple(w * 3)], float(sum(w + 1)), float(max(w * 2)))
print([float(x) for x in reversed(w - 1)], [float(x) for x in map(lambda y: y + 1, w * 2)], any(w > 1), all(w > 1))
kept = list(w + 1)
w[:] = 0
w += 7
print([float(x) for x in kept], [float(x) for x in sorted(-np.arange(3.0))])
