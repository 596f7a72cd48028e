/** Recorded statements in, a Program with its structural key out. */
import { createHash } from 'node:crypto';
import type { Expr, Program, ProgramOptions, SlotDecl, Statement, ViewRef } from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import type { ViewStructure } from './storage.js';
import type { StatementStructure, Structure } from './structure.js';

export interface RecordedStatement {
  readonly structure: StatementStructure;
  /** Slot of the target, then of each load of the value, in order of appearance. */
  readonly slots: readonly number[];
}

export function buildProgram(
  label: string,
  slots: readonly SlotDecl[],
  params: number,
  recorded: readonly RecordedStatement[],
  options: ProgramOptions,
): Program {
  let param = 0;
  const statements = recorded.map((statement): Statement => {
    let leaf = 0;
    const slot = (): number => {
      const at = statement.slots[leaf++];
      if (at === undefined) throw new QuadrilleError('INTERNAL', 'a statement has more loads than slots');
      return at;
    };
    const target = viewRef(statement.structure.target, slot());
    const value = exprOf(statement.structure.value, slot, () => param++);
    const { reduce } = statement.structure;
    return { target, value, ...(reduce && { reduce }) };
  });
  // Everything but label and values. The text is canonical: objects are built here and nowhere else.
  const text = JSON.stringify([
    'quadrille program 1',
    slots.map(slotText),
    params,
    statements,
    options.odf,
    options.threads,
    options.contract,
  ]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { key, label, slots, params, statements, options };
}

function slotText({ dtype, shape, decomposition, transient }: SlotDecl): unknown {
  const text = [dtype, shape, decomposition.shape, decomposition.processGrid];
  return transient ? [...text, 'transient'] : text;
}

function viewRef(view: ViewStructure, slot: number): ViewRef {
  return { slot, axes: view.axes };
}

/** Depth first, as the leaves were listed. */
function exprOf(a: Structure, slot: () => number, param: () => number): Expr {
  const { shape } = a;
  switch (a.op) {
    case 'load':
      return { op: 'load', view: viewRef(a.view, slot()), dtype: a.dtype, shape };
    case 'param':
      return { op: 'param', index: param(), dtype: 'weak', shape: [] };
    case 'iota':
      return { op: 'iota', axis: a.axis, start: a.start, step: a.step, dtype: a.dtype, shape };
    case 'unary':
      return { op: 'unary', fn: a.fn, a: exprOf(a.a, slot, param), dtype: a.dtype, shape };
    case 'binary': {
      const left = exprOf(a.a, slot, param);
      return { op: 'binary', fn: a.fn, a: left, b: exprOf(a.b, slot, param), dtype: a.dtype, shape };
    }
    case 'where': {
      const cond = exprOf(a.cond, slot, param);
      const left = exprOf(a.a, slot, param);
      return { op: 'where', cond, a: left, b: exprOf(a.b, slot, param), dtype: a.dtype, shape };
    }
  }
}
