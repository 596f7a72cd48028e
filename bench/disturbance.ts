/** A span of time and the processes that were meant to run in it; how many cores something else used meanwhile (Linux). */
import { readFileSync } from 'node:fs';
import type { Peer } from './peer.js';

/** Fields of the first line of /proc/stat that are not idle time: user, nice, system, irq, softirq, steal. */
const BUSY = [1, 2, 3, 6, 7, 8] as const;

export class Disturbance {
  private readonly start = performance.now();
  private readonly foreign: number;

  constructor(private readonly peers: readonly Peer[]) {
    this.foreign = this.foreignSeconds();
  }

  /** Cores, on average since it was made. */
  cores(): number {
    const seconds = (performance.now() - this.start) / 1000;
    return Math.max(0, (this.foreignSeconds() - this.foreign) / seconds);
  }

  /** CPU seconds of all, less the benchmark's own. Another machine's use of this one's cores (steal) is also foreign. */
  private foreignSeconds(): number {
    const fields = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/ +/);
    const busy = BUSY.reduce((sum, field) => sum + Number(fields[field] ?? 0), 0) / 100;
    const { user, system } = process.cpuUsage();
    return busy - (user + system) / 1e6 - this.peers.reduce((sum, peer) => sum + peer.cpuSeconds(), 0);
  }
}
