/** Names of a program in, by its scopes and imports; where their values are, and what of a module they mean, out. */
import { QuadrilleError } from '../../errors.js';
import { CONSTANTS } from '../functions.js';
import { errorAt } from '../source.js';
import { type Code, plain } from './code.js';
import type { Frame } from './frame.js';
import { INDEX_OBJECTS } from './index-objects.js';
import { MATH_CONSTANTS } from './scalar-functions.js';
import type { FunctionScope, Imported } from './scope.js';
import type { Expression, SubscriptNode } from './syntax.js';
import { Callable, List, Raised, type Value } from './values.js';
import type { World } from './world.js';

export class Names {
  constructor(
    private readonly world: World,
    /** Undefined: that of the module. */
    private readonly scope: FunctionScope | undefined,
  ) {}

  /** Are these the names of a function? */
  get isWithin(): boolean {
    return this.scope !== undefined;
  }

  /** Is it a name that the program gives a value? */
  isBound(name: string): boolean {
    return this.isLocal(name) || this.world.scope.globals.has(name);
  }

  /** Is it a name of the function, or of one around it? */
  isLocal(name: string): boolean {
    return this.local(name) !== undefined;
  }

  /** Can nothing but the code at hand ask for its value: no function that this calls, and nobody after an error? */
  isPrivate(name: string): boolean {
    return !this.world.scope.shared.has(name) && (this.scope === undefined || this.local(name)?.up === 0);
  }

  /** How many functions further out, and which slot of their frame. */
  private local(name: string): { readonly up: number; readonly slot: number } | undefined {
    let up = 0;
    for (let scope = this.scope; scope && !scope.globals.has(name); scope = scope.parent) {
      const slot = scope.locals.get(name);
      if (slot !== undefined) return { up, slot };
      up++;
    }
    return undefined;
  }

  /** Where a name's value is, given the frame of the call. */
  place(name: string): { readonly frameOf: (frame: Frame) => Frame; readonly slot: number } {
    const local = this.local(name);
    if (local)
      return { frameOf: local.up === 0 ? (frame) => frame : (frame) => outer(frame, local.up), slot: local.slot };
    const { globals, scope } = this.world;
    return { frameOf: () => globals, slot: scope.globals.get(name) ?? 0 };
  }

  /** Gives a name a value. */
  binder(name: string): (frame: Frame, value: Value) => void {
    const { lifetimes } = this.world;
    const { frameOf, slot } = this.place(name);
    if (this.local(name)?.up === 0) return (frame, value) => lifetimes.bind(frame, slot, value);
    // Arrays of the module's names, and of functions around, are looked after where the statement ends that named them last.
    return (frame, value) => lifetimes.bind(frameOf(frame), slot, value);
  }

  /** The value of a name. */
  value(node: Extract<Expression, { kind: 'name' }>): Code<Value> {
    const { name } = node;
    const { world } = this;
    const local = this.local(name);
    if (local) {
      const { up, slot } = local;
      return plain((frame) => {
        const value = (up === 0 ? frame : outer(frame, up)).slots[slot];
        if (value !== undefined) return value;
        throw new Raised('UnboundLocalError', `the local variable '${name}' has no value yet`);
      });
    }
    const global = world.scope.globals.get(name);
    const slots = world.globals.slots;
    if (global !== undefined) {
      return plain(() => {
        const value = slots[global];
        if (value !== undefined) return value;
        throw new Raised('NameError', `name '${name}' is not defined yet`);
      });
    }
    const imported = world.scope.imports.get(name);
    if (imported && imported.path !== '') return this.member(imported, node);
    if (name === '__name__') return plain(() => world.name);
    const value = new Callable(name, 'builtins', name);
    return plain(() => value);
  }

  /** What an expression like np.linalg.norm names, if it does. */
  imported(node: Expression): Imported | undefined {
    if (node.kind === 'name') {
      if (this.isBound(node.name)) return undefined;
      return this.world.scope.imports.get(node.name);
    }
    if (node.kind !== 'attribute') return undefined;
    const base = this.imported(node.a);
    return base && { module: base.module, path: base.path === '' ? node.name : `${base.path}.${node.name}` };
  }

  /** May a name among the indices be a list of places? */
  mayBePlaces({ items }: SubscriptNode): boolean {
    const { lists } = this.world.scope;
    return items.some((item) => item.kind === 'index' && isListed(item.at, lists));
  }

  /** The name of np.s_, np.mgrid, ... in a subscript of it. */
  indexObject({ a }: SubscriptNode): string | undefined {
    const imported = this.imported(a);
    return imported?.module === 'numpy' && INDEX_OBJECTS.includes(imported.path) ? imported.path : undefined;
  }

  /** The value of np.pi, math.sqrt, sys.argv, ... */
  member({ module, path }: Imported, node: Expression): Code<Value> {
    const constants = module === 'numpy' ? CONSTANTS : module === 'math' ? MATH_CONSTANTS : {};
    const number = Object.hasOwn(constants, path) ? constants[path] : undefined;
    if (number !== undefined) return plain(() => number);
    if (module === 'numpy' && path === 'newaxis') return plain(() => null);
    if (module === 'sys' && path === 'argv') {
      const argv = new List([...this.world.argv]);
      return plain(() => argv);
    }
    if (module === 'numpy' || module === 'math' || module === 'time' || module === 'sys') {
      const value = new Callable(`${module === 'numpy' ? 'np' : module}.${path}`, module, path);
      return plain(() => value);
    }
    throw errorAt(this.world.source, node, 'UNSUPPORTED_PYTHON', `${module}.${path} is not translated.`);
  }
}

/** The frame so many functions further out. */
function outer(frame: Frame, up: number): Frame {
  let at = frame;
  for (let k = 0; k < up; k++) {
    if (!at.parent) throw new QuadrilleError('INTERNAL', 'a function within another has no frame around');
    at = at.parent;
  }
  return at;
}

function isListed(at: Expression, lists: ReadonlySet<string>): boolean {
  return at.kind === 'name' && lists.has(at.name);
}
