/** Every program of test/numpy/programs can be run at the sizes of the bench: each line that a size changes is there. */
import { expect, it } from 'vitest';
import { originalText, problems, textOf } from '../../bench/numpy/problems.js';

it.each(problems().map((problem) => [`${problem.program} ${problem.size}`, problem] as const))('%s', (_, problem) => {
  expect(textOf(problem)).not.toBe(originalText(problem.program));
});
