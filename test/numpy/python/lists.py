# Slices of lists are assigned to and deleted, and lists are equal by their items.
a = list(range(8))
a[1:3] = ['x', 'y', 'z']
print(a)
a[2:2] = [True]
a[-2:] = []
a[::3] = [0, 0, 0]
print(a)
a[5:1] = [7, 8]
a[100:] = (9,)
del a[1:3]
print(a, a == sorted(a, key=str), sorted([3, 1, 2]) == [1, 2, 3])
del a[::2]
print(a)
a[:] = 'ab'
print(a)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(250))
fs = [lambda x, k=k: x * k for k in range(3)]
print([f(10) for f in fs], [(lambda x: x + 1)(k) for k in range(3)])
