/** The name of a microbenchmark, or none for all, in; its table out. */
type Suite = () => Promise<void>;

const suites: Readonly<Record<string, () => Promise<{ run: Suite }>>> = {};

export async function micro(name: string | undefined): Promise<void> {
  const names = name === undefined ? Object.keys(suites) : [name];
  for (const each of names) {
    const load = suites[each];
    if (!load) throw new RangeError(`no microbenchmark "${each}"; there are: ${Object.keys(suites).join(', ')}`);
    await (await load()).run();
  }
}
