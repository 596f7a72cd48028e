/** A number's text in, its pixels out: a 5 x 7 bitmap font with the characters numbers are written in. */

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;
/** From one character's left edge to the next's. */
export const ADVANCE = GLYPH_WIDTH + 1;

/** One number per row, top first; bit 4 is the leftmost pixel. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  '0': [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
  '1': [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
  '2': [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
  '3': [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
  '4': [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
  '5': [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
  '6': [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
  '7': [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
  '8': [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
  '9': [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
  '.': [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100],
  '-': [0b00000, 0b00000, 0b00000, 0b11111, 0b00000, 0b00000, 0b00000],
  '+': [0b00000, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0b00000],
  e: [0b00000, 0b00000, 0b01110, 0b10001, 0b11111, 0b10000, 0b01110],
};

/** Calls `pixel(x, y)` for every dark pixel of `text`, whose top left corner is (0, 0). */
export function drawText(text: string, pixel: (x: number, y: number) => void): void {
  [...text].forEach((character, k) => {
    (GLYPHS[character] ?? []).forEach((row, y) => {
      for (let x = 0; x < GLYPH_WIDTH; x++) if (row & (1 << (GLYPH_WIDTH - 1 - x))) pixel(k * ADVANCE + x, y);
    });
  });
}
