/** Python's operators in, the functions of Programs that compute them out. */
import type { BinaryFn } from '../../jit/program.js';
import type { BinaryOp } from './ast.js';

export const BINARY_FUNCTIONS = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '&': 'bitand',
  '|': 'bitor',
  '^': 'bitxor',
  '<<': 'shl',
  '>>': 'shr',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
} as const satisfies Readonly<Record<Exclude<BinaryOp, '@'>, BinaryFn>>;
