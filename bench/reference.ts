/**
 * Problems and numbers of steps in; the checksums that every peer must reach out: those of C++ compiled to keep each
 * operation as it is written. It holds no memory while others are timed.
 */
import { type Checksum, parseChecksum } from './checksum.js';
import { build } from './compilers.js';
import { Peer } from './peer.js';
import { describe, type Problem } from './workloads.js';

export class Reference {
  private readonly peer: Peer;
  private readonly known = new Map<string, Checksum>();

  constructor(private readonly threads: number) {
    const [binary] = build('plain', ['g++'], 'strict');
    if (!binary) throw new Error('no g++ to compile the reference with');
    this.peer = Peer.piped('the reference', { command: binary.path, args: [] });
  }

  /** In the order of the questions; the same problem with more steps goes on from where it was. */
  async checksums(questions: readonly (readonly [problem: Problem, steps: number])[]): Promise<Checksum[]> {
    const sorted = [...questions].sort(([a, few], [b, many]) => describe(a).localeCompare(describe(b)) || few - many);
    let at = { name: '', steps: 0 };
    for (const [problem, steps] of sorted) {
      const name = describe(problem);
      if (this.known.has(`${name} ${steps}`)) continue;
      if (at.name !== name) {
        await this.peer.ask(`setup ${name}`);
        at = { name, steps: 0 };
      }
      if (steps > at.steps) await this.peer.ask(`run ${steps - at.steps} ${this.threads}`);
      at = { name, steps };
      this.known.set(`${name} ${steps}`, parseChecksum(await this.peer.ask('checksum')));
    }
    await this.peer.ask('free');
    return questions.flatMap(([problem, steps]) => this.known.get(`${describe(problem)} ${steps}`) ?? []);
  }

  end(): Promise<void> {
    return this.peer.end();
  }
}
