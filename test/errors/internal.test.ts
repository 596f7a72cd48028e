/** What has no code that is known here is an error of ours, with its cause. */
import { expect, it } from 'vitest';
import { fromNative } from '../../lib/errors.js';

it('keeps what was thrown', () => {
  const cause = Object.assign(new Error('assertion'), { code: 'ERR_SOMETHING' });
  const error = fromNative(cause, 'solver.ts:7');
  expect(error).toMatchObject({ code: 'INTERNAL', summary: 'assertion', place: 'solver.ts:7', cause });
  expect(fromNative(error)).toBe(error);
});
