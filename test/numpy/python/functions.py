"""Functions: defaults, keywords, recursion, globals, tuples."""
import sys

LIMIT = 10
count = 0


def tick(by=1):
    global count
    count += by
    return count


def divide(a: float, b: float = 2.0, *, scale: int = 1) -> float:
    """A docstring changes nothing."""
    return scale * a / b


def many(n):
    if n <= 0:
        return 0, 1
    low, high = many(n - 1)
    return high, low + high


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


def nothing():
    pass


def early(xs):
    for i, x in enumerate(xs, 1):
        if x > LIMIT:
            return i
        elif x < 0:
            continue
        else:
            tick(i)
    return None


def apply(f, *, to):
    return f(to)


def fill(values, value):
    values.append(value)
    values[0] = value


print(divide(3), divide(3, 4), divide(b=5, a=1), divide(1, scale=7))
print(many(60), is_even(10), is_odd(7), nothing())
print(early([1, 2, -3, 4, 20, 5]), count, early(range(3)), count)
print(apply(divide, to=9.0), apply(many, to=3))
xs = [0]
fill(xs, 5)
fill(value=6, values=xs)
ys = xs
ys += [7]
print(xs, ys, xs is ys, xs == [6, 5, 6, 7])
a = b = 3
a, b, (c, d) = b, a + 1, (5, [6])
print(a, b, c, d)
s = 0
for i in range(3):
    for j in range(i, 10):
        if j == 5:
            break
        s += i * j
    else:
        s = -1
else:
    s += 1000
n = 27
steps = 0
while n != 1:
    n = 3 * n + 1 if n % 2 else n // 2
    steps += 1
else:
    steps += 0.5
print(s, steps, len(sys.argv))
del n
assert count > 0, 'never'
x = 5
x -= 2; x *= 3; x /= 4; x **= 2; x //= 0.3; x %= 7
print(x, -x, +x, not x, x and 'yes' or 'no')
print('a' + 'b' * 3, 'abc'[1], 'abc'[::-1], 'b' in 'abc', 'x'.join(['1', '2']), ' A '.strip().lower(), 'a,b'.split(','))
print([i for i in range(20) if i % 3 == 0], [(i, j) for i, j in zip('ab', range(2))], sum(i * i for i in range(4)))
print(divmod(-7, 2), divmod(7.5, -2), max(1, 2.5), min([3, 1]), any([0, 1]), all([]), list(reversed([1, 2])))
print((1, 2) < (1, 3), [1] + [2], (1,) * 3, (1, 2)[-1], [1, 2, 3][5:], 2 ** 0.5, (-8) ** 3, 10 ** -2, 5 // -2.0)
