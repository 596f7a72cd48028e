import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HostMemory } from '../../lib/host-memory.js';

const folder = mkdtempSync(path.join(tmpdir(), 'quadrille-facts-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a host's memory", () => {
  it('is there for the next process on the same kind of machine, and for no other', () => {
    new HostMemory(folder, 'this one').store('bandwidth', 17.5);
    expect(new HostMemory(folder, 'this one').find('bandwidth')).toBe(17.5);
    expect(new HostMemory(folder, 'this one').find('latency')).toBeUndefined();
    expect(new HostMemory(folder, 'another').find('bandwidth')).toBeUndefined();
  });

  it('forgets what is damaged, without a word', () => {
    const memory = (): HostMemory => new HostMemory(folder, 'this one');
    memory().store('bandwidth', 17.5);
    const [name = ''] = readdirSync(folder);
    for (const text of ['', '{', 'null', '17', '{"identity":"of something else","value":3}', '{"value":3}']) {
      writeFileSync(path.join(folder, name), text);
      expect(memory().find('bandwidth')).toBeUndefined();
    }
    memory().store('bandwidth', 18);
    expect(memory().find('bandwidth')).toBe(18);
  });

  it('lasts as long as the process where there is no directory, none can be made, or another one writes', () => {
    for (const memory of [
      new HostMemory(null, 'this one'),
      new HostMemory('/dev/null/nowhere', 'this one'),
      new HostMemory(folder, 'this one', false),
    ]) {
      memory.store('bandwidth', null);
      expect(memory.find('bandwidth')).toBeNull();
    }
    expect(new HostMemory(folder, 'this one').find('bandwidth')).toBeUndefined();
  });
});
