/**
 * Plan printing: a Plan in, text for explain() and dumps out. One line per thing, so that two Plans can be compared
 * with diff.
 */
import type { Box, Exchange, Message, Part, Plan, PlanLoop } from './plan.js';

export function printPlan(plan: Plan): string {
  const lines = [
    `plan ${plan.key} (${plan.label})  threads ${plan.threads}, odf ${plan.odf}, ${plan.params} parameter(s)`,
  ];
  plan.slots.forEach((slot, s) => {
    const halo = slot.haloLo.map((lo, d) => `${lo}+${slot.haloHi[d] ?? 0}`).join(' x ');
    const block = slot.offset.map((offset, d) => `${offset}:${offset + (slot.extent[d] ?? 0)}`).join(', ');
    lines.push(
      `  %${s}: ${slot.dtype}[${slot.shape.join(', ')}]${slot.temp ? ' temporary' : ''}${slot.replicated ? ' on every rank' : ''}  block [${block}]  halo ${halo}`,
    );
  });
  plan.waves.forEach((wave, w) => {
    lines.push(`  wave ${w}: writes ${wave.writes.map((slot) => `%${slot}`).join(', ')}`);
    if (wave.exchange) lines.push(...printExchange(wave.exchange));
    for (const task of wave.tasks) {
      const kernel = plan.kernels[task.kernel];
      const fields = (kernel?.slots ?? []).filter((slot) => slot >= 0);
      lines.push(`    kernel ${kernel?.key ?? '?'} on ${fields.map((slot) => `%${slot}`).join(', ')}`);
      if (task.blockRows) lines.push(`      planes in blocks of ${task.blockRows} rows`);
      for (const { fn, into, axes } of task.reductions ?? [])
        lines.push(`      ${fn} ${axes ? `along ${axes.join(', ')}` : 'over all ranks'} -> %${into}`);
      for (const box of task.interior) lines.push(`      interior ${printBox(box)}`);
      for (const box of task.boundary) lines.push(`      after the exchange ${printBox(box)}`);
    }
  });
  if (plan.loop) lines.push(...printLoop(plan.loop));
  return lines.join('\n');
}

/** How a loop is taken: all of its first, second and last step. */
export function printLoop({ next, why, chain }: PlanLoop): string[] {
  const turns = next.flatMap((from, place) => (from === place ? [] : [`%${place} takes %${from}`]));
  const lines = [`  loop: ${why}${turns.length > 0 ? `; after each step ${turns.join(', ')}` : ''}`];
  if (!chain) return lines;
  const { steps, height, width, rows, stages, exchange } = chain;
  lines.push(
    `    ${steps} steps in tiles of ${chain.grain.length === 1 ? height : `${height} x ${width}`}, ${rows} row(s) at a time`,
  );
  if (exchange) lines.push('    before each pass:', ...printExchange(exchange));
  const points = (of: Box | null): number => of?.reduce((product, [lo, hi]) => product * (hi - lo), 1) ?? 0;
  const inner = stages.reduce((sum, stage) => sum + points(stage.inner), 0);
  if (inner > 0) {
    const all = stages.reduce((sum, stage) => sum + points(stage.box), 0);
    lines.push(`    while halos travel: ${Math.round((100 * inner) / all)} % of its points`);
  }
  for (const [s, { wave, task, lag, box }] of stages.entries()) {
    const step = Math.floor((s * steps) / stages.length);
    if (step > 1 && step < steps - 1) continue;
    lines.push(
      `    step ${step}, wave ${wave}, task ${task}: lag ${lag.join(', ')}  ${box ? printBox(box) : 'nothing'}`,
    );
  }
  return lines;
}

function printExchange({ sends, recvs, locals }: Exchange): string[] {
  const one = (verb: string) => (message: Message) =>
    `    ${verb} rank ${message.peer}: ${message.parts.map(printPart).join(' + ')}`;
  return [
    ...sends.map(one('send to')),
    ...recvs.map(one('receive from')),
    ...locals.map(({ from, to }) => `    move here: ${printPart(from)} -> ${printPart(to)}`),
  ];
}

function printPart(part: Part): string {
  const ranges = part.origin.map((first, d) => {
    const axis = part.axes.find((candidate) => candidate.dim === d);
    if (!axis || axis.count === 1) return `${first}`;
    const stop = first + axis.step * axis.count;
    return axis.step === 1 ? `${first}:${stop}` : `${first}:${stop}:${axis.step}`;
  });
  const elements = part.axes.reduce((product, axis) => product * axis.count, 1);
  return `%${part.slot}[${ranges.join(', ')}] (${elements})`;
}

function printBox(box: Box): string {
  return `[${box.map(([lo, hi]) => `${lo}:${hi}`).join(', ')}]`;
}
