# Classes: __init__, methods, attributes that are shared or an object's own, one base, objects within objects.
import numpy as np


class Counter:
    """Counts."""

    made = 0
    unit = 'steps'

    def __init__(self, start=0, *, by=1):
        self.n, self.by = start, by
        Counter.made += 1

    def step(self, times=1):
        self.n += self.by * times
        return self

    def text(self):
        return f'{self.n} {self.unit}'


class Down(Counter):
    unit = 'steps down'

    def __init__(self, start):
        Counter.__init__(self, start, by=-1)
        self.log = []

    def step(self, times=1):
        self.log.append(self.n)
        return Counter.step(self, times)


class Field:
    def __init__(self, n):
        self.n = n
        self.u = np.arange(float(n))
        self.old = self.u.copy()
        self.counter = Counter()

    def smooth(self):
        u = self.u
        self.old[:] = u
        u[1:-1] = 0.5 * (self.old[2:] + self.old[:-2])
        self.u[0] += 1
        self.counter.step()

    def swap(self):
        self.u, self.old = self.old, self.u

    def sum(self):
        return self.total(self.u) + self.counter.n

    def total(self, v):
        return v.sum()

    def __call__(self, k):
        return self.u[k] * 2


class Empty:
    pass


a, b = Counter(), Down(10)
print(a.step().step(3).text(), b.step().step().text(), b.log, Counter.made, a.made)
print(isinstance(b, Counter), isinstance(a, Down), isinstance(b, (int, Down)), type(a) is Counter, type(b).__name__)
f = Field(6)
for _ in range(3):
    f.smooth()
f.u *= 2
f.u[2:4] -= f.old[2:4]
print(f.u, f.n, f.counter.n, f.sum(), f(1))
f.swap()
f.u, f.n = f.u + 1, f.n + 1
print(f.u, f.old, f.n, f.counter.text())
e = Empty()
e.x = [1, 2]
e.x[0] += 5
e.y = {'k': f}
e.y['k'].counter.by = 7
step = f.counter.step
step(2)
print(e.x, f.counter.n, [c.n for c in (a, b)], max([a, b], key=lambda c: c.n).n)
fields = [Field(3), Field(4)]
for field in fields:
    field.smooth()
print([float(field.u.sum()) for field in fields])
try:
    print(a.missing)
except AttributeError:
    print('no such attribute')
a.missing = 1
del a.missing
