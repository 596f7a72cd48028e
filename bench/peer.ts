/**
 * A peer is a long-lived child process (or an mpirun of several) that answers one line per command, so that process
 * start is never timed. Plain programs talk over stdin and stdout; ours connects to a Unix socket, every rank of it,
 * so that all ranks hear a command without a busy wait and rank 0 answers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Name of the environment variable that tells a connected peer its socket. */
export const SOCKET_VARIABLE = 'QUADRILLE_BENCH_SOCKET';

export class Peer {
  private readonly answers: string[] = [];
  private waiting: { resolve(line: string): void; reject(error: Error): void } | undefined;
  private failure: Error | undefined;
  private stderr = '';
  private closing = false;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly send: (line: string) => void,
    private readonly close: () => void,
    /** Process ids that compute (not mpirun itself). */
    readonly pids: readonly number[],
  ) {
    child.stderr?.on('data', (text: Buffer) => {
      this.stderr = (this.stderr + text.toString()).slice(-4000);
    });
    child.on('exit', (code, signal) => {
      if (!this.closing) this.fail(new Error(`${name} ended (${signal ?? code}):\n${this.stderr}`));
    });
    child.on('error', (error) => this.fail(error));
  }

  /** A program that reads commands on stdin and answers on stdout. */
  static piped(name: string, { command, args, env }: PeerCommand): Peer {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const { stdin, stdout } = child;
    const pids = child.pid === undefined ? [] : [child.pid];
    const peer = new Peer(
      name,
      child,
      (line) => stdin.write(`${line}\n`),
      () => stdin.end(),
      pids,
    );
    stdin.on('error', () => {}); // the child's end is reported by 'exit', with its stderr
    peer.listen(createInterface(stdout));
    return peer;
  }

  /** A program of `ranks` processes, each of which connects to $QUADRILLE_BENCH_SOCKET and says `rank pid` first. */
  static async connected(name: string, ranks: number, { command, args, env }: PeerCommand): Promise<Peer> {
    const folder = mkdtempSync(join(tmpdir(), 'quadrille-bench-'));
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...env, [SOCKET_VARIABLE]: path },
    });
    const sockets: Socket[] = [];
    const pids: number[] = [];
    const peer = new Peer(
      name,
      child,
      (line) => {
        for (const socket of sockets) socket.write(`${line}\n`);
      },
      () => {
        for (const socket of sockets) socket.end();
      },
      pids,
    );
    const ready = new Promise<void>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('error', () => {}); // as above
        const lines = createInterface(socket);
        lines.once('line', (hello) => {
          const [rank, pid] = hello.split(' ').map(Number);
          sockets.push(socket);
          pids.push(pid ?? 0);
          if (rank === 0) peer.listen(lines);
          if (sockets.length === ranks) resolve();
        });
      });
    });
    const failed = new Promise<never>((_, reject) => {
      peer.waiting = { resolve: () => {}, reject };
    });
    try {
      await Promise.race([ready, failed]);
      peer.waiting = undefined;
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
    return peer;
  }

  private listen(lines: Interface): void {
    lines.on('line', (line) => {
      const waiting = this.waiting;
      this.waiting = undefined;
      if (waiting) waiting.resolve(line);
      else this.answers.push(line);
    });
  }

  private fail(error: Error): void {
    this.failure = error;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  /** One command, its one answer. Rejects with the child's last words if it dies. */
  async ask(command: string): Promise<string> {
    if (this.failure) throw this.failure;
    this.send(command);
    const answer = this.answers.shift();
    if (answer !== undefined) return answer;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  /** Seconds of `command`, as the peer measured them. */
  async seconds(command: string): Promise<number> {
    const answer = await this.ask(command);
    const value = Number(answer);
    if (!(value > 0)) throw new Error(`${this.name} answered "${answer}" to "${command}"`);
    return value;
  }

  /** CPU seconds used so far by the peer's processes (Linux), to see whether a peer burns time while it should idle. */
  cpuSeconds(): number {
    let ticks = 0;
    for (const pid of this.pids) {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      ticks += Number(fields[11]) + Number(fields[12]);
    }
    return ticks / 100;
  }

  /** Lets the process end by itself; kills it after 10 s. */
  async end(): Promise<void> {
    this.closing = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    this.close();
    await ended;
    clearTimeout(timer);
  }
}
