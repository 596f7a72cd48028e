/** Names of a program in, by its scopes and imports; where their values are, and what of a module they mean, out. */
import { CONSTANTS } from '../functions.js';
import { errorAt } from '../source.js';
import { type Code, plain } from './code.js';
import type { Frame } from './frame.js';
import { MATH_CONSTANTS } from './scalar-functions.js';
import type { FunctionScope, Imported } from './scope.js';
import type { Expression } from './syntax.js';
import { Callable, List, Raised, type Value } from './values.js';
import type { World } from './world.js';

export class Names {
  constructor(
    private readonly world: World,
    /** Undefined: that of the module. */
    private readonly scope: FunctionScope | undefined,
  ) {}

  /** Is it a name that the program gives a value? */
  isBound(name: string): boolean {
    return this.isLocal(name) || this.world.scope.globals.has(name);
  }

  isLocal(name: string): boolean {
    return this.scope?.locals.has(name) === true;
  }

  /** The frame that holds a name (undefined: that of the call) and its slot there. */
  slot(name: string): [Frame | undefined, number] {
    const local = this.scope?.locals.get(name);
    if (local !== undefined) return [undefined, local];
    return [this.world.globals, this.world.scope.globals.get(name) ?? 0];
  }

  /** Gives a name a value. */
  binder(name: string): (frame: Frame, value: Value) => void {
    const { lifetimes } = this.world;
    const [of, slot] = this.slot(name);
    // Arrays of the module's names are looked after where the statement ends that named them last.
    if (of) return (_, value) => lifetimes.bind(of, slot, value);
    return (frame, value) => lifetimes.bind(frame, slot, value);
  }

  /** The value of a name. */
  value(node: Extract<Expression, { kind: 'name' }>): Code<Value> {
    const { name } = node;
    const { world } = this;
    const local = this.scope?.locals.get(name);
    if (local !== undefined) {
      return plain((frame) => {
        const value = frame.slots[local];
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
