/** Run under mpirun by endings.test.ts: one rank ends in the way its argument names, the others wait for it. */
import { barrier, print, rank, size } from '../../lib/spmd.js';

const way = process.argv[2];
const culprit = Math.min(1, size - 1);
const mine = rank === culprit;

switch (way) {
  case 'normal':
    await barrier();
    print(`all ${size} ranks`);
    break;
  case 'throw':
    if (mine) throw new Error('thrown here');
    await barrier();
    break;
  case 'reject':
    if (mine) void Promise.reject(new Error('rejected here'));
    else await barrier();
    break;
  case 'reject-undefined':
    if (mine) void Promise.reject(undefined);
    else await barrier();
    break;
  case 'throw-compiling': {
    const { Grid } = await import('../../lib/grid.js');
    const [x, y] = new Grid([64, 64]).fields(2);
    for (let k = 1; k < 20; k++) {
      y.at('20:-20').set(x.at([20 - k, 44 - k, 1]).sqrt());
      x.at('20:-20').set(y.at([20 + k, 44 + k, 1]).div(3));
    }
    throw new Error('thrown while kernels are compiled');
  }
  case 'throw-later':
    setTimeout(() => {
      if (mine) throw new Error('thrown later');
    }, 50);
    if (!mine) await barrier();
    break;
  case 'exit':
    if (mine) process.exit(7);
    await barrier();
    break;
  case 'exit-code':
    if (mine) process.exitCode = 5;
    else await barrier();
    break;
  case 'return-early':
    if (!mine) await barrier();
    break;
  case 'slow':
    if (mine) await new Promise((resolve) => setTimeout(resolve, 1500));
    await barrier();
    print('waited for');
    break;
  case 'elsewhere':
    if (mine) await barrier();
    else await barrier();
    break;
  case 'own-handler':
    process.on('uncaughtException', () => {});
    setTimeout(() => {
      if (mine) throw new Error('handled here');
    }, 20);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await barrier();
    print('went on');
    break;
  default:
    throw new Error(`no such ending: ${way}`);
}
