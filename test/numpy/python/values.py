"""What gives values of the moment, and what gives a view."""
import numpy as np

u = np.arange(6.0)
up = np.roll(u, 1)
down = np.roll(u, -1)
u += 0.5 * (up - 2 * u + down)
print(up - down)
v = np.roll(u, 1)
v[0] = 7
print(u, v)

for _ in range(3):
    east, west = np.roll(u, 1), np.roll(u, -1)
    u[:] = 0.5 * (east + west)
    u += 0.1 * (east - west)
print(np.round(u, 3))

for same in (lambda a: +a, np.positive, lambda a: a ** 1, lambda a: np.power(a, 1), lambda a: 1 * a, lambda a: np.roll(a, 0)):
    z = same(u)
    z[0] = 99
    w = same(u[1:])
    w[0] = 98
    print(u[0] < 90, u[1] < 90, z[0], w[0])

i = np.arange(4)
j = i ** 1
j[0] = 5
print(i, j)

m = np.zeros((3, 4))
for view in (m[1:], m.T, np.transpose(m), m[::-1], np.flip(m, 0), m[:, None], m[...]):
    view += 1
print(m)
rolled = np.roll(m, 1, axis=1)
rolled[:, 0] = -1
print(m)
print(rolled)

s = np.linspace(0, 1, 40)
t = np.zeros(40)
for i in range(4, 8):
    t[i - 2:i][np.roll(s, -2)[-18:-16] <= 0.7] = (s[:2] + i)[np.roll(s, -2)[-18:-16] <= 0.7]
print(t)
