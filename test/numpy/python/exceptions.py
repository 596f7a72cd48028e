# Exceptions are caught by their types and what stands above those; else and finally run as Python runs them.
def attempt(f):
    try:
        value = f()
    except ZeroDivisionError as e:
        return f'divided: {e}'
    except (KeyError, IndexError):
        return 'not there'
    except ValueError as e:
        print('wrong:', e)
        raise
    else:
        return f'good {value}'
    finally:
        print('done')


def bad():
    raise ValueError('no ' + 'number')


print(attempt(lambda: 1 / 0))
print(attempt(lambda: {}['k']), attempt(lambda: [][1]), attempt(lambda: 7))
try:
    attempt(bad)
except Exception as e:
    print('again', e)
for k in range(5):
    try:
        if k == 1:
            continue
        if k == 3:
            break
        assert k != 2, 'two'
        print(k)
    except AssertionError as e:
        print('assertion', e)
    finally:
        print('end of', k)


def last():
    try:
        return 'first'
    finally:
        print('on the way out')


def nested():
    try:
        try:
            int('x')
        except KeyError:
            print('never')
        finally:
            print('inner')
    except ArithmeticError:
        print('never')
    except ValueError as e:
        try:
            raise RuntimeError('second')
        except RuntimeError as other:
            return f'{e} / {other}'


print(last())
print(nested())
try:
    1 + 'a'
except TypeError:
    print('types')
try:
    print(undefined_yet)
except NameError:
    print('names')
undefined_yet = 1
try:
    [1, 2][5]
except:
    print('anything')
