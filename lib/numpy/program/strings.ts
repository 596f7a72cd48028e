/** String literals of Python: source text in, the string it stands for out. */

const SIMPLE: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

export interface Literal {
  readonly raw: boolean;
  /** Where its contents begin and end within the source text of the literal. */
  readonly from: number;
  readonly to: number;
}

/** undefined: bytes, or not a literal. */
export function literal(text: string): Literal | undefined {
  const match = /^([a-zA-Z]*)('''|"""|'|")/.exec(text);
  const [start, prefix, quote] = match ?? [];
  if (start === undefined || prefix === undefined || quote === undefined || /b/i.test(prefix)) return undefined;
  return { raw: /r/i.test(prefix), from: start.length, to: text.length - quote.length };
}

export function unescaped(text: string, raw: boolean): string {
  if (raw) return text;
  const escapes = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g;
  return text.replace(escapes, (whole, code: string) => {
    const simple = SIMPLE[code];
    if (simple !== undefined) return simple;
    if (/^[xuU]./.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8));
    return whole; // Python keeps what it does not know
  });
}
