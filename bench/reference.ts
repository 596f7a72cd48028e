/**
 * A problem and a number of steps in; the checksum that every peer must reach out: that of C++ compiled to keep each
 * operation as it is written. It holds no memory while others are timed.
 */
import { type Checksum, parseChecksum } from './checksum.js';
import { build } from './compilers.js';
import { Peer } from './peer.js';
import { describe, type Problem } from './workloads.js';

export class Reference {
  private readonly peer: Peer;
  private readonly known = new Map<string, Checksum>();
  private at = { name: '', steps: 0 };

  constructor(private readonly threads: number) {
    const [binary] = build('plain', ['g++'], 'strict');
    if (!binary) throw new Error('no g++ to compile the reference with');
    this.peer = Peer.piped('the reference', { command: binary.path, args: [] });
  }

  /** Goes on from the last question where that can be: ask for few steps first. */
  async checksum(problem: Problem, steps: number): Promise<Checksum> {
    const name = describe(problem);
    const known = this.known.get(`${name} ${steps}`);
    if (known) return known;
    if (this.at.name !== name || this.at.steps > steps) {
      await this.peer.ask(`setup ${name}`);
      this.at = { name, steps: 0 };
    }
    if (steps > this.at.steps) await this.peer.ask(`run ${steps - this.at.steps} ${this.threads}`);
    this.at = { name, steps };
    const sum = parseChecksum(await this.peer.ask('checksum'));
    this.known.set(`${name} ${steps}`, sum);
    return sum;
  }

  /** Gives its memory back. */
  async free(): Promise<void> {
    await this.peer.ask('free');
    this.at = { name: '', steps: 0 };
  }

  end(): Promise<void> {
    return this.peer.end();
  }
}
