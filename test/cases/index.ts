/** All cases, by name. */

import { arrays } from './arrays.js';
import type { TestCase } from './case.js';
import { found } from './found.js';
import { laplace } from './laplace.js';
import { order } from './order.js';
import { programs } from './programs.js';
import { reductions } from './reductions.js';
import { stencils } from './stencils.js';
import { sweeps } from './sweeps.js';
import { types } from './types.js';
import { views } from './views.js';

export const cases: readonly TestCase[] = [
  ...laplace,
  ...stencils,
  ...views,
  ...types,
  ...order,
  ...programs,
  ...arrays,
  ...reductions,
  ...sweeps,
  ...found,
];
