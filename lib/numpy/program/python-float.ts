/** CPython's division of floats with a rest: two floats in, floored quotient and rest out. */

/** As CPython's float_divmod and NumPy's npy_divmod do it; `round`: to the type that is computed in. */
export function divmod(a: number, b: number, round = (x: number): number => x): [number, number] {
  let rest = a % b;
  let whole = round(round(a - rest) / b);
  if (rest !== 0) {
    if (b < 0 !== rest < 0) {
      rest = round(rest + b);
      whole = round(whole - 1);
    }
  } else rest = b < 0 ? -0 : 0;
  if (whole === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest];
  const floor = Math.floor(whole);
  return [whole - floor > 0.5 ? floor + 1 : floor, rest];
}
