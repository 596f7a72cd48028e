/** Programs in the translated part of Python, as data: what the reader hands to the checker and the compiler. */
import { type ArithmeticOp, ORDER_OPS, type Span } from '../ast.js';

export const COMPARE_OPS = [...ORDER_OPS, 'is', 'is not', 'in', 'not in'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

export type Expression = Span &
  (
    | { readonly kind: 'int'; readonly value: bigint }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'str'; readonly value: string }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'format'; readonly parts: readonly FormatPart[] }
    | { readonly kind: 'tuple' | 'list'; readonly items: readonly Expression[] }
    /** {key: value, **others}: others have no key. */
    | { readonly kind: 'dict'; readonly entries: readonly DictEntry[] }
    /** A function of one expression. */
    | { readonly kind: 'lambda'; readonly fn: FunctionNode }
    /** *values, among the items of a display or the arguments of a call. */
    | { readonly kind: 'starred'; readonly a: Expression }
    | { readonly kind: 'unary'; readonly op: '-' | '+' | '~'; readonly a: Expression }
    | { readonly kind: 'not'; readonly a: Expression }
    | { readonly kind: 'binary'; readonly op: ArithmeticOp; readonly a: Expression; readonly b: Expression }
    /** a < b <= c: one operator fewer than operands. */
    | { readonly kind: 'compare'; readonly operands: readonly Expression[]; readonly ops: readonly CompareOp[] }
    | { readonly kind: 'and' | 'or'; readonly a: Expression; readonly b: Expression }
    | { readonly kind: 'choice'; readonly test: Expression; readonly a: Expression; readonly b: Expression }
    | AttributeNode
    | CallNode
    | SubscriptNode
    /** [element for target in over if test ...], also where it is the only argument of a call; of a dict key and value. */
    | {
        readonly kind: 'comprehension';
        readonly gives: 'list' | 'dict';
        readonly element: Expression;
        readonly clauses: readonly Clause[];
      }
  );

export type AttributeNode = Span & {
  readonly kind: 'attribute';
  readonly a: Expression;
  readonly name: string;
  readonly nameSpan: Span;
};

export interface DictEntry {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

/** for target in over if test if test */
export interface Clause {
  readonly target: Target;
  readonly over: Expression;
  readonly tests: readonly Expression[];
}

export type CallNode = Span & {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly keywords: readonly KeywordArgument[];
};

export type SubscriptNode = Span & {
  readonly kind: 'subscript';
  readonly a: Expression;
  readonly items: readonly Subscript[];
  /** Was it written with a comma? x[1,] has one item and is still a tuple. */
  readonly tuple: boolean;
};

export interface KeywordArgument extends Span {
  /** Undefined: **value. */
  readonly name: string | undefined;
  readonly value: Expression;
}

export type Subscript =
  | (Span & { readonly kind: 'ellipsis' })
  | (Span & {
      readonly kind: 'slice';
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    })
  | (Span & { readonly kind: 'index'; readonly at: Expression });

export type FormatPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      readonly value: Expression;
      readonly conversion: 'r' | 's' | undefined;
      readonly spec: readonly FormatPart[];
    };

/** What can be assigned to. */
export type Target = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    | SubscriptNode
    | AttributeNode
    | { readonly kind: 'tuple' | 'list'; readonly items: readonly Target[] }
    /** *name: what the others leave. */
    | { readonly kind: 'starred'; readonly a: Target }
  );

export interface Parameter extends Span {
  readonly name: string;
  readonly default: Expression | undefined;
  /** Takes what is left: `*name` or `**name`. */
  readonly rest: '*' | '**' | undefined;
  /** After a lone `*`. */
  readonly keywordOnly: boolean;
}

export type Statement = Span &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'assign'; readonly targets: readonly Target[]; readonly value: Expression }
    | { readonly kind: 'update'; readonly op: ArithmeticOp; readonly target: Target; readonly value: Expression }
    | FunctionNode
    | ClassNode
    | { readonly kind: 'return'; readonly value: Expression | undefined }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'while';
        readonly test: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Target;
        readonly over: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly kind: 'break' | 'continue' | 'pass' }
    | { readonly kind: 'assert'; readonly test: Expression; readonly message: Expression | undefined }
    /** error undefined: that which is being handled, again. */
    | { readonly kind: 'raise'; readonly error: string | undefined; readonly message: Expression | undefined }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly Handler[];
        readonly otherwise: readonly Statement[];
        readonly last: readonly Statement[];
      }
    | { readonly kind: 'global' | 'nonlocal'; readonly names: readonly string[] }
    | { readonly kind: 'delete'; readonly targets: readonly Target[] }
    | { readonly kind: 'import'; readonly imports: readonly Import[] }
  );

/** except types as name; without types all. */
export interface Handler {
  readonly types: readonly string[] | undefined;
  readonly name: string | undefined;
  readonly body: readonly Statement[];
}

/** A class: its methods, and what all of its objects have. */
export type ClassNode = Span & {
  readonly kind: 'class';
  readonly name: string;
  readonly base: Extract<Expression, { kind: 'name' }> | undefined;
  readonly methods: readonly FunctionNode[];
  readonly attributes: readonly { readonly name: string; readonly value: Expression }[];
};

export type FunctionNode = Span & {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
};

/** `import module as name` (attribute undefined) or `from module import attribute as name`. */
export interface Import extends Span {
  readonly module: string;
  readonly attribute: string | undefined;
  readonly name: string;
}

/** Where a node stands, without the node. */
export function span({ from, to }: Span): Span {
  return { from, to };
}
