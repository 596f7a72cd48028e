/** Division of integers as Python has it: floored, the rest has the divisor's sign. */

/** `b` is not 0. */
export function integerDivmod(a: bigint, b: bigint): [quotient: bigint, rest: bigint] {
  const rest = a % b;
  const off = rest !== 0n && rest < 0n !== b < 0n;
  return [a / b - (off ? 1n : 0n), off ? rest + b : rest];
}
