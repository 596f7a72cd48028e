"""Lists that hold arrays and reductions, sliced and walked."""
import numpy as np
u = np.arange(6.0)
l = [u, u * 2]
s = u.max()
m = [s, 3.0]
print(m[0] * 2, l[1][2], l[0][1:3] + l[1][1:3])
i = np.argmax(u)
print(m[1], len(l[::2]), len((u, s)[1:]))
for a in l[1:]:
    print(a.sum())
x = l[-1] + 1
print(x)
l[0][2] = 50
print(u)
