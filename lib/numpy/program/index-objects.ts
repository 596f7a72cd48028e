/** np.s_[...], np.mgrid[...] and np.ogrid[...]: what stands between the brackets in, slices or arrays of indices out. */
import * as create from '../../create.js';
import { index } from './numbers.js';
import { pythonOf } from './numpy-numbers.js';
import { isNumber, List, Raised, Slice, Tuple, typeName, type Value } from './values.js';

export const INDEX_OBJECTS: readonly string[] = ['s_', 'index_exp', 'mgrid', 'ogrid'];

export function indexObject(path: string, items: readonly Value[], isTuple: boolean): Value {
  const [only = null] = items;
  switch (path) {
    case 's_':
      return isTuple ? new Tuple(items) : only;
    case 'index_exp':
      return new Tuple(items);
    case 'mgrid': {
      const axes = items.map(axisOf);
      return isTuple ? new List(create.meshgrid(axes, 'ij')) : (axes[0] ?? null);
    }
    default: {
      const axes = items.map(axisOf);
      if (!isTuple) return axes[0] ?? null;
      return new List(axes.map((axis, d) => axis.reshape(...axes.map((_, e) => (e === d ? -1 : 1)))));
    }
  }
}

/** start, start + step, ...: ints of ints, otherwise floats. */
function axisOf(item: Value) {
  if (!(item instanceof Slice)) throw new Raised('TypeError', `a slice is expected here, not '${typeName(item)}'`);
  const [start, stop, step] = [item.start ?? 0n, item.stop, item.step ?? 1n].map((part) =>
    isNumber(part) ? pythonOf(part) : undefined,
  );
  if (start === undefined || stop === undefined || step === undefined)
    throw new Raised('TypeError', 'np.mgrid takes start:stop:step');
  if ([start, stop, step].every((part) => typeof part === 'bigint'))
    return create.arange(Number(index(start)), Number(index(stop)), Number(index(step)), 'i64');
  const count = Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
  const made = create.empty([count], 'f64');
  return made.set(create.arange(count).mul(Number(step)).add(Number(start)));
}
