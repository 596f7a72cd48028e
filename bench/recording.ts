/** Out comes what one recorded `iterate` costs JavaScript (µs), its share of the hand-over included. */
import { node, numbersFrom } from './fresh.js';

export function recordingCost(): Promise<number[]> {
  const [command = '', ...args] = node('peers/recording.ts');
  return numbersFrom({ command, args });
}
