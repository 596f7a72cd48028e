"""Lambdas, functions within functions, what they see of each other, and any number of arguments."""
scale = 2
double = lambda x: scale * x
power = lambda x, n=2, *rest, offset=0, **named: x ** n + offset + sum(rest) + len(named)
print(double(4), power(3), power(2, 5), power(2, 3, 10, 20, offset=0.5, a=1, b=2))


def counter(start=0):
    count = start

    def tick(by=1):
        nonlocal count
        count += by
        return count

    def reset():
        nonlocal count
        count = start
    return tick, reset


first, reset_first = counter(10)
second, _ = counter()
print(first(), first(5), second(), first(), second())
reset_first()
print(first())


def make(a):
    def outer(b):
        def inner(c):
            return (a, b, c, scale)
        return inner
    return outer


print(make(1)(2)(3))
scale = 3
print(make(1)(2)(3), [make(i)(i + 1)(i + 2)[:3] for i in range(2)])


def late():
    fs = []
    for i in range(3):
        fs.append(lambda: i)
    return [f() for f in fs], [(lambda k=j: k)() for j in range(3)]


print(late())


def recursive(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)
    return fact(n)


print(recursive(20))


def describe(name, *values, sep='/', **options):
    parts = [name] + [str(v) for v in values]
    return sep.join(parts), options


print(describe('a'), describe('a', 1, 2.5, sep='-'), describe('b', *range(3), *[7], width=3, **{'x': 1, 'y': 'z'}))
args, kw = (1, 2), dict(sep='+')
print(describe('c', *args, **kw))


def only(*, a, b=2):
    return a, b


print(only(a=1), only(b=1, a=5))


def compose(*fs):
    def run(x):
        for f in fs:
            x = f(x)
        return x
    return run


print(compose(double, lambda x: x + 1, abs, str)(-4))


def shadow():
    i = 5
    squares = [i * i for i in range(4)]
    pairs = {k: v for k, v in zip('ab', squares)}
    return i, squares, pairs


i = 'kept'
print(shadow(), [i for i in range(2)], i)


def double(x):
    return -x


print(double(4))
double = max
print(double(4, 5), callable(double), callable(3))
if scale > 2:
    def chosen():
        return 'many'
else:
    def chosen():
        return 'few'
print(chosen())
table = {'up': lambda x: x + 1, 'down': lambda x: x - 1}
print([table[k](10) for k in ('up', 'down')], (lambda: 'now')())
first, *rest = [1, 2, 3]
*head, last = 'xyz'
a, (b, *c), d = 1, (2, 3, 4), 5
print(first, rest, head, last, a, b, c, d)
for k, *v in [(1, 2, 3), (4,)]:
    print(k, v)
print([*range(3), *'ab', 9], (*[1], 2), {**{'a': 1}, 'b': 2, **dict(a=3)})
x, name = 3.14159, 'pi'
print(f'{x=} {x=:.2f} {name=} {x*2 = :8.3f} {name!r:>6} {name = !s}')
