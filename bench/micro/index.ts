/** The name of a microbenchmark, or none for all, in; its table out. */
interface Suite {
  run(): void | Promise<void>;
}

/** In the order of the path a step takes. Loaded when asked for: each brings only what it measures. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  lowering: () => import('./lowering.js'),
};

export async function micro(name: string | undefined): Promise<void> {
  const names = name === undefined ? Object.keys(suites) : [name];
  for (const each of names) {
    const load = suites[each];
    if (!load) throw new RangeError(`no microbenchmark "${each}"; there are: ${Object.keys(suites).join(', ')}`);
    await (await load()).run();
  }
}
