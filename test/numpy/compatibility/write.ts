/** `npm run compatibility-table`: writes docs/numpy-compatibility.md. */
import { writeFileSync } from 'node:fs';
import { compatibilityTable } from './table.js';

writeFileSync('docs/numpy-compatibility.md', compatibilityTable());
