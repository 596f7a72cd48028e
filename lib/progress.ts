/**
 * How far a time loop has come in, a progress bar out: steps, time left, steps/s and effective GB/s. On a terminal one
 * line is redrawn; elsewhere (a batch job's log) a line is written now and then.
 */

export interface ProgressOptions {
  /** Steps the loop will take. */
  readonly steps: number;
  /** Bytes a step must move at least: each field read or written counted once, over all ranks. 0: not shown. */
  readonly bytesPerStep?: number;
  readonly stream?: ProgressStream;
  /** Milliseconds, monotonic. */
  readonly clock?: () => number;
}

/** What of process.stderr is used. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** In a log: a line at every tenth of the way, and one at least this often. */
const LOG_MS = 30_000;
const BAR = 24;

/** Made on rank 0 only. It writes to stderr, so that a solver's output can be piped. */
export class Progress {
  readonly #steps: number;
  #bytesPerStep: number;
  readonly #stream: ProgressStream;
  readonly #clock: () => number;
  readonly #began: number;
  #shown: { at: number; done: number } | undefined;
  #ended = false;

  constructor({ steps, bytesPerStep = 0, stream = process.stderr, clock = () => performance.now() }: ProgressOptions) {
    this.#steps = steps;
    this.#bytesPerStep = bytesPerStep;
    this.#stream = stream;
    this.#clock = clock;
    this.#began = clock();
  }

  /** `done` steps have run, each moving `bytesPerStep` if that has become known. Cheap enough for every batch. */
  update(done: number, bytesPerStep = this.#bytesPerStep): void {
    if (this.#ended) return;
    this.#bytesPerStep = bytesPerStep;
    const now = this.#clock();
    if (this.#isDue(now, done)) this.#show(now, done);
  }

  /** The loop is over after `done` steps (fewer than planned if it converged): shows that and ends the line. */
  end(done: number, bytesPerStep = this.#bytesPerStep): void {
    if (this.#ended) return;
    this.#bytesPerStep = bytesPerStep;
    this.#show(this.#clock(), done);
    if (this.#stream.isTTY) this.#stream.write('\n');
    this.#ended = true;
  }

  #isDue(now: number, done: number): boolean {
    const last = this.#shown ?? { at: this.#began, done: 0 };
    if (this.#stream.isTTY) return this.#shown === undefined || now - last.at >= REDRAW_MS;
    const tenth = (count: number) => Math.floor((10 * count) / Math.max(1, this.#steps));
    return now - last.at >= LOG_MS || (now - last.at >= 1000 && tenth(done) > tenth(last.done));
  }

  #show(now: number, done: number): void {
    this.#shown = { at: now, done };
    const line = progressLine({
      done,
      steps: this.#steps,
      seconds: (now - this.#began) / 1000,
      bytesPerStep: this.#bytesPerStep,
    });
    if (this.#stream.isTTY) this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
    else this.#stream.write(`${line}\n`);
  }
}

/** For example `[######------]  50% 500/1000 steps  0:03 left  166 steps/s  21.3 GB/s`. */
export function progressLine(state: { done: number; steps: number; seconds: number; bytesPerStep: number }): string {
  const { done, steps, seconds, bytesPerStep } = state;
  const fraction = steps > 0 ? Math.min(1, done / steps) : 1;
  const filled = Math.round(fraction * BAR);
  const parts = [
    `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${String(Math.floor(fraction * 100)).padStart(3)}%`,
    `${done}/${steps} steps`,
  ];
  if (done > 0 && seconds > 0) {
    const rate = done / seconds;
    parts.push(done < steps ? `${duration((steps - done) / rate)} left` : `${duration(seconds)} taken`);
    parts.push(`${rounded(rate)} steps/s`);
    if (bytesPerStep > 0) parts.push(`${rounded((rate * bytesPerStep) / 1e9)} GB/s`);
  }
  return parts.join('  ');
}

/** m:ss, or h:mm:ss. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Three digits are enough to read while it runs. */
function rounded(x: number): string {
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
