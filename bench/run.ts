/** `npm run bench -- laplace2d [--quick] [--json file] | micro [name]`: arguments in, tables out. */
import { parseArgs } from 'node:util';
import { laplace2d } from './laplace2d.js';
import { ChecksumError } from './measure.js';
import { micro } from './micro/index.js';

const USAGE = `npm run bench -- laplace2d [--quick] [--sizes 256,1024] [--rounds n] [--json file]
npm run bench -- micro [name]`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
});

const [command, name] = positionals;
if (command === 'laplace2d') {
  const sizes = values.sizes?.split(',').map(Number) ?? (values.quick ? [256, 1024] : [256, 1024, 4096, 8192]);
  const rounds = Number(values.rounds ?? (values.quick ? 3 : 7));
  try {
    await laplace2d({ sizes, rounds, json: values.json });
  } catch (error) {
    if (!(error instanceof ChecksumError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
} else if (command === 'micro') {
  await micro(name);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
