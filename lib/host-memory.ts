/**
 * What was measured on this kind of machine, kept beside the compiled kernels: a name in, a value of JSON out, in this
 * process and in those to come. What is not there, not whole or of another kind of machine is unknown, and measured again.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Raise when what is stored would mean something else: what it is keyed by does not tell. */
const VERSION = 1;

export class HostMemory {
  readonly #known = new Map<string, unknown>();

  /**
   * `directory`: null keeps nothing beyond this process. `host`: all that times depend on. `writes`: false where another
   * process of this machine stores the same.
   */
  constructor(
    private readonly directory: string | null,
    private readonly host: string,
    private readonly writes = true,
  ) {}

  find(name: string): unknown {
    if (!this.#known.has(name)) this.#known.set(name, this.#read(name));
    return this.#known.get(name);
  }

  /** Best effort: where nothing can be written, the next process measures again. */
  store(name: string, value: unknown): void {
    this.#known.set(name, value);
    if (this.directory === null || !this.writes) return;
    const file = this.#file(name);
    const aside = `${file}.${process.pid}.tmp`;
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      // Renamed when it is whole: others may be reading.
      writeFileSync(aside, JSON.stringify({ identity: this.#identity(name), value }), { mode: 0o600 });
      renameSync(aside, file);
    } catch {
      discard(aside);
    }
  }

  #read(name: string): unknown {
    if (this.directory === null) return undefined;
    try {
      const stored: unknown = JSON.parse(readFileSync(this.#file(name), 'utf8'));
      if (typeof stored !== 'object' || stored === null || !('identity' in stored) || !('value' in stored))
        return undefined;
      return stored.identity === this.#identity(name) ? stored.value : undefined;
    } catch {
      return undefined;
    }
  }

  #identity(name: string): string {
    return `quadrille measurement ${VERSION}\n${this.host}\n${name}`;
  }

  #file(name: string): string {
    const hash = createHash('sha256').update(this.#identity(name)).digest('hex').slice(0, 32);
    return path.join(this.directory ?? '', `${hash}.fact`);
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Where it cannot even be looked for, it is not.
  }
}
