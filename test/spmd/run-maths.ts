/**
 * `node run-maths.js [RANK]`, alone or under mpirun: prints the bits of exp over a field. The given rank believes that
 * its processor does not fuse multiply-adds.
 */
import { createHash } from 'node:crypto';

const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK ?? '0';
if (rank === process.argv[2]) process.env.QUADRILLE_FMA = 'off'; // before quadrille asks
const { exp, Grid, print } = await import('quadrille');

const u = new Grid([40, 25]).field({ init: (i = 0, j = 0) => Math.sqrt(i) - j / 7 });
const bytes = await u.set(exp(u)).toArray();
print(`exp is ${createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex').slice(0, 16)}`);
