/** Pixels in, PNG bytes out: a plain RGB canvas. */
import { encode } from 'fast-png';
import type { Rgb } from './colormap.js';
import { ADVANCE, drawText } from './font.js';

const WHITE = 255;

export class Picture {
  readonly #data: Uint8Array;

  /** White, `width` x `height` pixels. */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#data = new Uint8Array(width * height * 3).fill(WHITE);
  }

  /** Pixels outside the picture are left out. */
  set(x: number, y: number, color: Rgb): void {
    if (x >= 0 && x < this.width && y >= 0 && y < this.height) this.#data.set(color, (y * this.width + x) * 3);
  }

  fill(x: number, y: number, width: number, height: number, color: Rgb): void {
    for (let j = 0; j < height; j++) for (let i = 0; i < width; i++) this.set(x + i, y + j, color);
  }

  /** One pixel wide, just outside the rectangle. */
  frame(x: number, y: number, width: number, height: number, color: Rgb): void {
    this.fill(x - 1, y - 1, width + 2, 1, color);
    this.fill(x - 1, y + height, width + 2, 1, color);
    this.fill(x - 1, y, 1, height, color);
    this.fill(x + width, y, 1, height, color);
  }

  /** (x, y) is the top left corner. */
  text(x: number, y: number, text: string, color: Rgb): void {
    drawText(text, (i, j) => this.set(x + i, y + j, color));
  }

  textEndingAt(x: number, y: number, text: string, color: Rgb): void {
    this.text(x - text.length * ADVANCE, y, text, color);
  }

  png(): Uint8Array {
    return encode({ width: this.width, height: this.height, data: this.#data, channels: 3, depth: 8 });
  }
}
