/** Mathematical functions as processors without fused multiply-adds compute them. */
import { expect, it } from 'vitest';
import { itIsAccurate } from './accuracy.js';
import { FUNCTIONS } from './functions.js';
import { computed } from './measure.js';

process.env.QUADRILLE_FMA = 'off'; // before the engine starts

itIsAccurate();

it("tan of f32 is the vectors' also where SLEEF's scalar function differs from them", async () => {
  const tan = FUNCTIONS.find(({ name }) => name === 'tan');
  if (!tan) throw new Error('tan is not measured');
  for (const at of new Float32Array(Uint32Array.of(0x3f490fdc, 0x3f490fdd).buffer)) {
    const [alone, many] = [new Float32Array(1).fill(at), new Float32Array(64).fill(at)];
    const [result] = await computed(tan, { a: alone, b: alone });
    expect(await computed(tan, { a: many, b: many })).toEqual(new Float32Array(64).fill(result ?? 0));
  }
});
