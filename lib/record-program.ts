/** Recorded statements in, a Program with its structural key out. */
import { createHash } from 'node:crypto';
import type { Axis, Expr, Program, ProgramOptions, SlotDecl, Statement, ViewRef } from '../jit/program.js';
import { QuadrilleError } from './errors.js';
import type { ViewStructure } from './storage.js';
import type { StatementStructure, Structure } from './structure.js';

/** A position that is known when the Program runs: its integer of that number, and so much more. */
export interface Place {
  readonly int: number;
  readonly offset: number;
}

export interface RecordedStatement {
  readonly structure: StatementStructure;
  /** Slot of the target, then of each load of the value, in order of appearance. */
  readonly slots: readonly number[];
  /** Of their moving axes, in the same order. */
  readonly places: readonly Place[];
}

export function buildProgram(
  label: string,
  slots: readonly SlotDecl[],
  { params, ints }: { readonly params: number; readonly ints: number },
  recorded: readonly RecordedStatement[],
  options: ProgramOptions,
): Program {
  let param = 0;
  const statements = recorded.map((statement): Statement => {
    let [leaf, place] = [0, 0];
    const slot = (): number => {
      const at = statement.slots[leaf++];
      if (at === undefined) throw new QuadrilleError('INTERNAL', 'a statement has more loads than slots');
      return at;
    };
    const view = (structure: ViewStructure): ViewRef => {
      const axes = structure.axes.map((axis): Axis => {
        const at = axis.dyn === undefined ? undefined : statement.places[place++];
        if (!at) return axis;
        if (axis.kind === 'index') return { kind: 'index', at: axis.at + at.offset, dyn: at.int };
        return { ...axis, start: axis.start + at.offset, dyn: at.int };
      });
      return { slot: slot(), axes, ...(structure.dims && { dims: structure.dims }) };
    };
    const target = view(statement.structure.target);
    const value = exprOf(statement.structure.value, view, () => param++);
    const { reduce, axes } = statement.structure;
    return { target, value, ...(reduce && { reduce }), ...(axes && { axes }) };
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
    options.timeTile,
    options.tune,
  ]);
  const key = createHash('sha256').update(text).digest('hex').slice(0, 32);
  return { key, label, slots, params, ...(ints > 0 && { ints }), statements, options };
}

function slotText({ dtype, shape, decomposition, transient }: SlotDecl): unknown {
  const { origin, stride } = decomposition;
  const text = [
    dtype,
    shape,
    decomposition.shape,
    decomposition.processGrid,
    ...(origin || stride ? [{ origin, stride }] : []),
  ];
  return transient ? [...text, 'transient'] : text;
}

/** Depth first, as the leaves were listed. */
function exprOf(a: Structure, view: (structure: ViewStructure) => ViewRef, param: () => number): Expr {
  const { shape } = a;
  switch (a.op) {
    case 'load':
      return { op: 'load', view: view(a.view), dtype: a.dtype, shape };
    case 'param':
      return { op: 'param', index: param(), dtype: a.dtype, shape: [] };
    case 'iota':
      return { op: 'iota', axis: a.axis, start: a.start, step: a.step, dtype: a.dtype, shape };
    case 'unary':
      return { op: 'unary', fn: a.fn, a: exprOf(a.a, view, param), dtype: a.dtype, shape };
    case 'binary': {
      const left = exprOf(a.a, view, param);
      return { op: 'binary', fn: a.fn, a: left, b: exprOf(a.b, view, param), dtype: a.dtype, shape };
    }
    case 'where': {
      const cond = exprOf(a.cond, view, param);
      const left = exprOf(a.a, view, param);
      return { op: 'where', cond, a: left, b: exprOf(a.b, view, param), dtype: a.dtype, shape };
    }
  }
}
