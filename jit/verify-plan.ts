/**
 * The Plan's written rules, checked before it crosses the border: everything it names exists, and nothing it touches
 * lies outside the memory it asks for. Throws InvalidIR.
 */
import { invariant } from './invalid.js';
import type { Box, Chain, Part, Plan, PlanLoop, PlanSlot, Wave } from './plan.js';

export function verifyPlan(plan: Plan): void {
  plan.slots.forEach((slot, s) => {
    const lengths = [slot.offset, slot.extent, slot.haloLo, slot.haloHi].map((list) => list.length);
    invariant(
      lengths.every((length) => length === slot.shape.length),
      `slot ${s}: dimensions disagree`,
    );
    invariant(slot.temp === s >= plan.bound, `slot ${s}: temporaries come after bound slots`);
  });
  plan.kernels.forEach((kernel, k) => {
    invariant(
      kernel.slots.every((slot) => slot === -1 || slot in plan.slots),
      `kernel ${k} names a slot that does not exist`,
    );
    const fields = kernel.slots.filter((slot) => slot !== -1);
    invariant(new Set(fields).size === fields.length, `kernel ${k} names a slot twice: noalias would lie`);
    invariant(
      kernel.slots.slice(0, fields.length).every((slot) => slot !== -1),
      `kernel ${k}: buffers come last`,
    );
  });
  plan.kernels.forEach(({ slots, starts, streams }, k) => {
    if (!starts) return;
    invariant(
      starts.length === slots.length &&
        starts.every((start, at) => slots[at] === -1 || start.length === plan.slots[slots[at] ?? -1]?.shape.length),
      `kernel ${k}: starts`,
    );
    invariant(
      streams.every((at) => starts[at]?.every((first) => first === 0)),
      `kernel ${k}: what it writes begins elsewhere than its boxes`,
    );
  });
  plan.waves.forEach((wave, w) => verifyWave(wave, w, plan));
  verifyJoins(plan);
  verifyMarch(plan);
  if (plan.loop) verifyLoop(plan.loop, plan);
}

function verifyLoop({ next, chain, trials = [], remembered = -1 }: PlanLoop, plan: Plan): void {
  invariant(next.length === plan.bound && new Set(next).size === plan.bound, 'loop: not a permutation of bound slots');
  next.forEach((from, place) => {
    const [a, b] = [plan.slots[from], plan.slots[place]];
    invariant(a?.dtype === b?.dtype && `${a?.shape}` === `${b?.shape}`, `loop: ${from} cannot stand in for ${place}`);
  });
  invariant(remembered < trials.length, `loop: ${remembered} is none of ${trials.length} trials`);
  for (const each of [chain, ...trials]) if (each) verifyChain(each, plan, plan.waves);
}

function verifyMarch({ march, waves, kernels, ints }: Plan): void {
  if (!march) return;
  invariant(ints !== undefined && march.width > 0, 'march: of what does not move');
  const lengths = new Set<number>();
  waves.forEach(({ exchange, tasks }, w) => {
    invariant(exchange === null, `march: wave ${w} has an exchange`);
    tasks.forEach(({ kernel, interior, boundary, reductions, moves = [] }, t) => {
      const along = march.along[w]?.[t] ?? -1;
      invariant(along >= 0 && along < (kernels[kernel]?.dims ?? 0), `march: wave ${w}, task ${t} along ${along}`);
      invariant(interior.length <= 1 && boundary.length === 0 && !reductions, `march: wave ${w}, task ${t}`);
      if (interior.length === 0) return;
      invariant(
        moves.every(({ what, index }) => what === 'constant' || index !== along),
        `march: wave ${w}, task ${t} moves along its strips`,
      );
      for (const box of interior) lengths.add((box[along]?.[1] ?? 0) - (box[along]?.[0] ?? 0));
    });
  });
  invariant(lengths.size <= 1, 'march: strips of different lengths');
}

function verifyJoins({ joins = [], ...plan }: Plan): void {
  let free = 0;
  for (const { first, waves, chain } of joins) {
    const own = plan.waves.slice(first, first + waves);
    invariant(first >= free && waves > 0 && own.length === waves, `joined waves ${first}, ${waves} of them`);
    invariant(chain.steps === 1, `joined waves ${first}: ${chain.steps} steps`);
    invariant(
      own.every(({ exchange }) => exchange === null),
      `joined waves ${first}: one has an exchange of its own`,
    );
    invariant(
      chain.stages.every(({ wave }) => first <= wave && wave < first + waves),
      `joined waves ${first}: a stage of another wave`,
    );
    verifyChain(chain, plan, own);
    free = first + waves;
  }
}

/** `waves`: those of a step. */
function verifyChain({ steps, stages, exchange, grain }: Chain, plan: Plan, waves: readonly Wave[]): void {
  const tasks = waves.reduce((sum, wave) => sum + wave.tasks.length, 0);
  invariant(stages.length === steps * tasks, `chain: ${stages.length} stages for ${steps} steps of ${tasks} tasks`);
  stages.forEach(({ wave, task, lag, lead, box, inner, stride }, s) => {
    const kernel = plan.kernels[plan.waves[wave]?.tasks[task]?.kernel ?? -1];
    invariant(kernel !== undefined, `chain: stage ${s} names a task that does not exist`);
    invariant(
      lag.length === grain.length && lag.every((n, d) => n % (grain[d] ?? 1) === 0),
      `chain: lag of stage ${s}`,
    );
    invariant(lead === undefined || lead.length === lag.length, `chain: lead of stage ${s}`);
    invariant(stride.length === kernel.dims, `chain: strides of stage ${s}`);
    invariant(box === null || box.every(([lo, hi]) => lo < hi), `chain: box of stage ${s}`);
    invariant(
      inner === null ||
        inner.every(([lo, hi], d) => lo < hi && (box?.[d]?.[0] ?? hi) <= lo && hi <= (box?.[d]?.[1] ?? lo)),
      `chain: inner box of stage ${s}`,
    );
  });
  for (const message of [...(exchange?.sends ?? []), ...(exchange?.recvs ?? [])]) {
    for (const part of message.parts) verifyPart(part, plan.slots[part.slot], -1);
  }
  for (const { from, to } of exchange?.locals ?? []) {
    verifyPart(from, plan.slots[from.slot], -1);
    verifyPart(to, plan.slots[to.slot], -1);
  }
}

function verifyWave(wave: Wave, w: number, plan: Plan): void {
  for (const task of wave.tasks) {
    const kernel = plan.kernels[task.kernel];
    invariant(kernel !== undefined, `wave ${w}: kernel ${task.kernel} does not exist`);
    invariant(task.bias.length === kernel.dims, `wave ${w}: bias`);
    const { firstParam, blockRows } = task;
    invariant(blockRows === undefined || (blockRows > 0 && kernel.dims > 2), `wave ${w}: ${blockRows} rows in a block`);
    invariant(firstParam >= 0 && firstParam <= plan.params, `wave ${w}: parameter ${firstParam} of ${plan.params}`);
    const reductions = task.reductions ?? [];
    const buffers = kernel.slots.filter((slot) => slot === -1).length;
    invariant(reductions.length === buffers, `wave ${w}: ${reductions.length} reductions of ${buffers} buffers`);
    for (const { into, steps, axes, dims, source } of reductions) {
      const lies = source && plan.slots[kernel.slots[source.place] ?? -1];
      invariant(!source || lies?.shape.length === kernel.dims, `wave ${w}: the source of a reduction`);
      invariant(!source || source.shift.length === kernel.dims, `wave ${w}: the shift of a source`);
      const scalar = plan.slots[into]?.replicated === true;
      invariant(scalar || axes !== undefined, `wave ${w}: a reduction into slot ${into}, no Scalar`);
      invariant(axes === undefined || reductions.length === 1, `wave ${w}: one reduction along axes at a time`);
      invariant(
        axes === undefined || dims?.length === plan.slots[into]?.shape.length,
        `wave ${w}: dims of slot ${into}`,
      );
      invariant(wave.writes.includes(into), `wave ${w}: slot ${into} is not among its writes`);
      invariant(steps.length === kernel.dims, `wave ${w}: steps of a reduction`);
    }
    const boxes = [...task.interior, ...task.boundary];
    for (const box of boxes) {
      invariant(
        box.length === kernel.dims && box.every(([lo, hi]) => lo < hi),
        `wave ${w}: box ${JSON.stringify(box)}`,
      );
    }
    boxes.forEach((box, k) => {
      invariant(
        boxes.every((other, j) => j <= k || apart(box, other)),
        `wave ${w}: boxes of a task overlap`,
      );
    });
  }
  const { exchange } = wave;
  if (!exchange) return;
  for (const message of [...exchange.sends, ...exchange.recvs]) {
    for (const part of message.parts) verifyPart(part, plan.slots[part.slot], w);
  }
  for (const { from, to } of exchange.locals) {
    verifyPart(from, plan.slots[from.slot], w);
    verifyPart(to, plan.slots[to.slot], w);
    invariant(
      from.axes.every((axis, a) => axis.count === to.axes[a]?.count),
      `wave ${w}: local move changes its shape`,
    );
  }
}

function verifyPart(part: Part, slot: PlanSlot | undefined, w: number): void {
  invariant(slot !== undefined, `wave ${w}: part of slot ${part.slot}`);
  part.origin.forEach((first, d) => {
    let [lo, hi] = [first, first];
    for (const { dim, step, count } of part.axes) {
      if (dim !== d) continue;
      lo = Math.min(lo, first + step * (count - 1));
      hi = Math.max(hi, first + step * (count - 1));
    }
    const [least, most] = [-(slot.haloLo[d] ?? 0), (slot.extent[d] ?? 0) + (slot.haloHi[d] ?? 0)];
    invariant(lo >= least && hi < most, `wave ${w}: part of slot ${part.slot} leaves its memory along ${d}`);
  });
}

function apart(a: Box, b: Box): boolean {
  return a.some(([lo, hi], d) => hi <= (b[d]?.[0] ?? 0) || (b[d]?.[1] ?? 0) <= lo);
}
