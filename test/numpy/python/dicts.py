"""Dicts, sorting, map and filter, types."""
d = {'nx': 41, 'dt': 0.5, 3: 'three', (1, 2): None}
print(d, len(d), d['nx'], d[3.0], d[True + 2], d[1, 2], 'nx' in d, 41 in d, 'ny' not in d)
d['ny'] = 7
d['nx'] += 1
d['name'] = d.get('none', 'x') + 'y'
del d[3]
print(d, list(d), list(d.keys()), list(d.values()), d.pop('ny'), d.pop('ny', -1), d.get('q'))
for key, value in d.items():
    print(key, value)
for key in d:
    print(key, end=' ')
print()
e = dict(a=1, b=[1, 2], **{'c': {}})
e['b'].append(3)
e['c']['x'] = 5
e.update({'a': 2}, z=0)
f = e.copy()
f['a'] = 100
print(e, f == e, {'a': 1, 'b': 2} == {'b': 2.0, 'a': True}, e.setdefault('k', 4), e.setdefault('k', 5), bool({}), {})
print(dict([(1, 2), (3, 4)]), {i: i * i for i in range(5) if i % 2}, sorted(e), dict(zip('xy', (1, 2))))
print({1: 'int', 1.0: 'float', True: 'bool', 0.5: 'half'})
xs = [3, 1, 2.5, -7]
print(sorted(xs), sorted(xs, reverse=True), sorted(xs, key=abs), sorted('hello'))
print(sorted([(1, 'b'), (0, 'z'), (1, 'a')]), sorted([(1, 'b'), (0, 'z'), (1, 'a')], key=lambda p: p[0], reverse=True))
xs.sort()
print(xs, max(xs, key=lambda x: -x), min('bca'), max([], default=3), min(xs, key=abs))
xs.remove(1)
del xs[0]
xs.insert(0, 'front')
print(xs, xs.index(3), xs.count(3))
print(list(map(lambda a, b: a * b, [1, 2, 3], (4, 5, 6, 7))), list(filter(None, [0, 1, '', 'a'])), list(filter(lambda v: v > 1, [1, 2, 3])), list(map(str, range(3))))
print(isinstance(1, int), isinstance(True, int), isinstance(1.0, int), isinstance('a', (int, str)), isinstance([], list), isinstance({}, dict), isinstance((), tuple))
print(type(1) is int, type(1.5) == float, type('a') is str, type([]) is tuple, type(3).__name__)
if __name__ == '__main__':
    print('main')
