/** The Python that is translated, as data: what the parser hands to the lowering. `from` and `to` count in the source. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

export type UnaryOp = '-' | '+' | '~';
export const ARITHMETIC_OPS = ['@', '+', '-', '*', '/', '//', '%', '**', '&', '|', '^', '<<', '>>'] as const;
export const ORDER_OPS = ['<', '<=', '>', '>=', '==', '!='] as const;
export type ArithmeticOp = (typeof ARITHMETIC_OPS)[number];
export type OrderOp = (typeof ORDER_OPS)[number];
export type BinaryOp = ArithmeticOp | OrderOp;

export type Node = Span &
  /** `type` as Python reads it: 2 is an int, 2.0 a float, True a bool. */
  (
    | { readonly kind: 'number'; readonly value: number; readonly type: 'int' | 'float' | 'bool' }
    | { readonly kind: 'string'; readonly text: string }
    | { readonly kind: 'none' }
    /** `list`: of the program's list, which as an index is no tuple. */
    | { readonly kind: 'tuple'; readonly items: readonly Node[]; readonly list?: boolean }
    /** A slice that is a value of the program: an index, alone or in a tuple. */
    | { readonly kind: 'span'; readonly item: Item }
    | { readonly kind: 'name'; readonly name: string }
    /** ${...}: the how-many-th value. */
    | { readonly kind: 'hole'; readonly index: number }
    | { readonly kind: 'unary'; readonly op: UnaryOp; readonly a: Node }
    | { readonly kind: 'binary'; readonly op: BinaryOp; readonly a: Node; readonly b: Node }
    /** np.name outside a call. */
    | { readonly kind: 'constant'; readonly name: string }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly prefixed: boolean;
        readonly args: readonly Node[];
        readonly keywords: readonly Keyword[];
      }
    /** a.name(...) of something that is not np. */
    | {
        readonly kind: 'method';
        readonly a: Node;
        readonly name: string;
        readonly args: readonly Node[];
        readonly keywords: readonly Keyword[];
      }
    /** a.name of something that is not np. */
    | { readonly kind: 'attribute'; readonly a: Node; readonly name: string }
    | { readonly kind: 'subscript'; readonly a: Node; readonly items: readonly Item[] }
  );

export type Call = Extract<Node, { kind: 'call' }>;

export interface Keyword extends Span {
  readonly name: string;
  readonly value: Node;
}

export type Item =
  | { readonly kind: 'ellipsis' }
  /** None or np.newaxis. */
  | { readonly kind: 'newaxis' }
  | {
      readonly kind: 'slice';
      readonly start: Node | undefined;
      readonly stop: Node | undefined;
      readonly step: Node | undefined;
    }
  | { readonly kind: 'index'; readonly at: Node };

export type Statement = Span &
  /** a = b = value */
  (
    | { readonly kind: 'assign'; readonly targets: readonly Node[]; readonly value: Node }
    /** a, b = b, a */
    | { readonly kind: 'exchange'; readonly targets: readonly Node[]; readonly values: readonly Node[] }
    | { readonly kind: 'update'; readonly op: BinaryOp; readonly target: Node; readonly value: Node }
    | { readonly kind: 'expression'; readonly value: Node }
  );
