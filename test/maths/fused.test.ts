/** Mathematical functions as this processor computes them. */
import { itIsAccurate } from './accuracy.js';

itIsAccurate();
