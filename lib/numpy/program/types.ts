/** type(x) and isinstance(x, T): a value in; the type that Python would give it, as what the program names it by, out. */
import { concrete } from '../../../jit/types.js';
import {
  Callable,
  Class,
  Instance,
  isArray,
  NUMPY_NAMES,
  NumpyNumber,
  Raised,
  Tuple,
  typeName,
  type Value,
} from './values.js';

/** Types of which others are: bool is an int, np.float64 a float. */
const ABOVE: Readonly<Record<string, readonly string[]>> = {
  bool: ['int'],
  float64: ['float', 'floating', 'number', 'generic'],
  float32: ['floating', 'number', 'generic'],
  int64: ['integer', 'number', 'generic'],
  int32: ['integer', 'number', 'generic'],
  bool_: ['generic'],
};

/** Names of np that are types and nothing else. */
export const NUMPY_TYPES: readonly string[] = ['ndarray', 'number', 'floating', 'integer', 'generic'];

export function typeOf(value: Value): Callable {
  if (value instanceof Instance) return value.of;
  if (value instanceof NumpyNumber || (isArray(value) && value.shape.length === 0)) {
    const name = NUMPY_NAMES[concrete(value.dtype)];
    return new Callable(`np.${name}`, 'numpy', name);
  }
  if (!isArray(value)) {
    if (value instanceof Callable) return new Callable('function', 'builtins', 'function');
    const name = typeName(value);
    return new Callable(name, 'builtins', name);
  }
  return new Callable('np.ndarray', 'numpy', 'ndarray');
}

export function isInstance(value: Value, types: Value): boolean {
  if (types instanceof Tuple) return types.items.some((type) => isInstance(value, type));
  if (types instanceof Class) return value instanceof Instance && value.of.is(types);
  if (!(types instanceof Callable) || types.from === 'user')
    throw new Raised('TypeError', 'isinstance() arg 2 must be a type or a tuple of types');
  const { path } = typeOf(value);
  return [path, ...(ABOVE[path] ?? [])].includes(types.path);
}
