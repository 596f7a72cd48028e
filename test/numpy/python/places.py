"""Lists and arrays of places, and what loops over them see; a def in a loop; each as Python and NumPy do it."""
import numpy as np
fs = []
for k in range(3):
    def h(x, k=k):
        return x * k
    fs.append(h)
print([q(2) for q in fs], h(5))
a = np.zeros(4)
try:
    a[[0, 1]] = np.ones(3)
    print('no exception')
except ValueError:
    print('v')
q = np.array([0, 1])
u = np.zeros((3, 4))
try:
    a[q] = np.ones(3)
    print('no exception')
except ValueError:
    print('v')
try:
    a[[0, 1]] = [1, 2, 3]
    print('no exception')
except ValueError:
    print('v')
try:
    u[[0, 1]] = np.ones((3, 4))
    print('no exception')
except ValueError:
    print('v')
try:
    u[:, [0, 1]] = np.ones((3, 3))
    print('no exception')
except ValueError:
    print('v')
try:
    u[[0, 1], [0, 1]] = np.ones(3)
    print('no exception')
except ValueError:
    print('v')
try:
    a[[0, 1, 2]] = np.ones(2)
    print('no exception')
except ValueError:
    print('v')
print(a, u)
u[[0, 2]] = np.arange(4.0)
u[:, [1, 3]] = np.array([[5.0], [6.0], [7.0]])
u[[0, 1]] = np.ones((1, 4)) * 3
a[[0, 2]] = np.ones(1)
print(a, u)
w = np.zeros(5)
try:
    w[[0, 7]] = 3
except IndexError:
    pass
print(w)
k = np.arange(4)
for v in k:
    k[3] = 7
    print(v)
u1 = np.arange(6.0)
k = np.arange(4)
for i in k:
    u1[i] += 10
    k[:] = 5
print(u1)
