/** What the benchmark writes: marked sections of a document, and charts. */
import { describe, expect, it } from 'vitest';
import { replaceSections } from '../../bench/figures/document.js';
import { drawChart } from '../../bench/figures/svg.js';

describe('a document', () => {
  const document = 'before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\n<!-- /b -->\nafter\n';

  it('has its marked sections replaced, and nothing else', () => {
    const text = replaceSections(document, { a: 'new', b: '| table |\n' });
    expect(text).toBe('before\n<!-- a -->\nnew\n<!-- /a -->\nbetween\n<!-- b -->\n| table |\n<!-- /b -->\nafter\n');
    expect(replaceSections(text, { a: 'old', b: '' }).length).toBeLessThan(text.length);
  });

  it('must have the section', () => {
    expect(() => replaceSections(document, { c: 'new' })).toThrow('no section <!-- c -->');
  });
});

describe('a chart', () => {
  const axes = { title: 'times', xLabel: 'cores', yLabel: 'ms', xTicks: [1, 2, 4] };
  const series = [
    { name: 'ours & others', points: [8, 4, 2].map((y, i) => ({ x: 2 ** i, y })) },
    { name: 'limit', dashed: true, points: [{ x: 1, y: 2.01 }] },
  ];
  const svg = drawChart('a < b', [{ ...axes, series }]);

  it('draws equal factors as equal distances', () => {
    const [line = ''] = /(?<=<polyline points=")[^"]+/.exec(svg) ?? [];
    const [a, b, c] = line.split(' ').map((point) => point.split(',').map(Number));
    expect((b?.[0] ?? 0) - (a?.[0] ?? 0)).toBeCloseTo((c?.[0] ?? 0) - (b?.[0] ?? 0), 0);
    expect((b?.[1] ?? 0) - (a?.[1] ?? 0)).toBeCloseTo((c?.[1] ?? 0) - (b?.[1] ?? 0), 0);
    expect(b?.[1]).toBeGreaterThan(a?.[1] ?? 0); // less time is further down
  });

  it('escapes words and keeps the numbers at the ends of lines apart', () => {
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('ours &amp; others');
    const [y1 = 0, y2 = 0] = [...svg.matchAll(/y="([\d.]+)" fill="#\w+" font-size="11"/g)].map(([, y]) => Number(y));
    expect(Math.abs(y1 - y2)).toBeGreaterThanOrEqual(11.9);
  });
});
