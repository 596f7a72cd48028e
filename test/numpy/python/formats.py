"""Numbers as text."""
values = [0.1, 1 / 3, 1e-5, 123456789.0, 1e16, 1e15, -2.5e-310, 2.0 ** 70, 0.0, -0.0, 5e-324, 1.7976931348623157e308, 100.0]
specs = ['', '.3e', '.0f', '.2f', '10.4f', '<12.3g', '>12', '^14.5e', '+.1f', ' .2f', '012.3f', ',.2f', 'g', '.10g', 'e', '%', '.1%', '#.3g', '_.1f', '.0e', '*^20.3']
for v in values:
    print(v, [f"{v:{s}}" for s in specs])
ints = [0, 7, -42, 123456789, 10 ** 25]
for i in ints:
    print(i, [f'{i:{s}}' for s in ['d', '5d', '<5', '^9', '+d', '08d', ',', 'x', '#x', 'b', 'o', '_', '.2e', '.1f', '%', 'X', ' d']])
for half in [0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1.005, -0.5, 1e23, 5e22]:
    print(f'{half:.0f} {half:.1f} {half:.2f} {half:.0e}', round(half), round(half, 1), round(half, 2))
print('%5d|%-5d|%05d|%+d|%x|%e|%.3e|%g|%10.3f|%-10.2f|%s|%r|%%' % (42, 42, 42, 42, 255, 1234.5, 1234.5, 1e-7, 3.14159, 2.5, 'a', 'a'))
print('{} {0} {1:.2f}'.replace('{} ', '').format(1, 2.5), '{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c'), '{x} {{}}'.format(x=3))
print(f"{'a'!r:>6} {'b':<4}| {True} {True:d} {None} {(1, 2.0)} {[1, 'x']} {{braces}} {3:{5}d}")
print(1.0, 10.0 ** 15, 10.0 ** 16, 1e100, 1.5e-7, 12345678901234567890, 0.1 + 0.2, 1e22, 1e21)
print('tab\tquote\'s "x"', 'line\\n', r'raw\n', 'a' 'b', """multi
line""", '\x41\u00e9')
print('it\'s', ["it's", 'say "x"', 'both \' "', '\n\t\\'])
print(1, 2, sep=', ', end='!\n')
print('no', end=' ')
print('newline', end='')
print()
