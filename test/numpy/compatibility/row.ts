/** One row of the table of compatibility: a form as a program writes it, and what it comes to here. */
import type { ErrorCode } from '../../../lib/errors.js';

/** `same`: NumPy's bits and dtype. A number: at most so many units in the last place off. A code: refused with it. */
export type Outcome = 'same' | number | ErrorCode;

export interface Row {
  readonly form: string;
  /** Statements, after which u is compared; otherwise an expression. */
  readonly changes: boolean;
  readonly outcome: Outcome;
}

export interface Group {
  readonly title: string;
  readonly note?: string;
  readonly rows: readonly Row[];
}

/** Expressions. */
export const rows = (outcome: Outcome, ...forms: string[]): Row[] =>
  forms.map((form) => ({ form, outcome, changes: false }));
/** Statements. */
export const lines = (outcome: Outcome, ...forms: string[]): Row[] =>
  forms.map((form) => ({ form, outcome, changes: true }));
