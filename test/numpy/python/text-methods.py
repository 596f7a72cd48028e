"""Methods of strings, with all their arguments."""
print('a-b-c'.split('-', 1), 'a-b-c'.split('-'), ' a b  c '.split(), ' a b  c '.split(None, 1), ''.split(), ''.split(','))
print('a,,b'.split(','), 'abc'.split('abc'), 'a-b-c-d'.split('-', 2), 'a b'.split(None, 0), '  a b '.split(None, 0))
print(repr('xxhixx'.strip('x')), repr(' hi '.strip()), repr('xyhixy'.lstrip('yx')), repr('hi\n'.rstrip()), repr('ab'.strip('ab')))
print('aaaa'.replace('a', 'b', 2), 'aaaa'.replace('aa', '$&'), 'ab'.replace('', '-'), 'ab'.replace('', '-', 2), 'ab'.replace('', '-', 9))
print('-5'.zfill(5), '+1.5'.zfill(3), '7'.zfill(3), 'ab'.ljust(4, '.') + '|', 'ab'.rjust(4) + '|', 'ab'.center(6, '*') + '|')
print('step_3.npy'.endswith('.npy'), 'step'.startswith(('a', 'st')), 'step'.endswith(('a', 'st')))
print(', '.join(['a', 'b']), ''.join(str(i) for i in range(4)))
