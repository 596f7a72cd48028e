/** The progress bar, on a pretended terminal and a pretended clock. */
import { describe, expect, it } from 'vitest';
import { Progress, progressLine } from '../../lib/progress.js';

function watched(isTTY: boolean, steps: number) {
  const written: string[] = [];
  const time = { ms: 0 };
  const stream = { isTTY, columns: 80, write: (text: string) => written.push(text) };
  return { written, time, progress: new Progress({ steps, bytesPerStep: 1e9, stream, clock: () => time.ms }) };
}

describe('progress', () => {
  it('says steps, time left, steps/s and GB/s', () => {
    expect(progressLine({ done: 500, steps: 1000, seconds: 5, bytesPerStep: 2e8 })).toBe(
      '[############------------]  50%  500/1000 steps  0:05 left  100 steps/s  20.0 GB/s',
    );
    expect(progressLine({ done: 1000, steps: 1000, seconds: 3725, bytesPerStep: 0 })).toBe(
      '[########################] 100%  1000/1000 steps  1:02:05 taken  0.268 steps/s',
    );
    expect(progressLine({ done: 0, steps: 10, seconds: 0, bytesPerStep: 1 })).toBe(
      '[------------------------]   0%  0/10 steps',
    );
  });

  it('redraws one line on a terminal, at most ten times a second', () => {
    const { written, time, progress } = watched(true, 1000);
    for (let step = 1; step <= 1000; step++) {
      time.ms = step;
      progress.update(step);
    }
    progress.end(1000);
    expect(written.filter((text) => text.startsWith('\r'))).toHaveLength(11);
    expect(written.join('')).not.toMatch(/\n(?=.)/);
    expect(written.at(-1)).toBe('\n');
    expect(written.every((text) => text.length <= 80 + '\r\x1b[2K'.length)).toBe(true);
  });

  it('writes a line per tenth into a log, and the last one in any case', () => {
    const { written, time, progress } = watched(false, 1000);
    for (let step = 1; step <= 1000; step++) {
      time.ms = 20 * step;
      progress.update(step);
    }
    progress.end(1000);
    progress.end(1000);
    expect(written).toHaveLength(11);
    expect(written.every((text) => /^\[.*\n$/.test(text))).toBe(true);
  });

  it('keeps a short loop to one line in a log', () => {
    const { written, time, progress } = watched(false, 50);
    for (let step = 1; step <= 50; step++) {
      time.ms = step;
      progress.update(step);
    }
    progress.end(50);
    expect(written).toHaveLength(1);
  });
});
