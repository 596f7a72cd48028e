/** In: the imports of all TypeScript. Out: the layer rules of docs/architecture.md, enforced by `npm run layers`. */

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Data flows one way down; a cycle means that two files are one idea.',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'jit-knows-no-lib',
      comment: 'jit/ sees programs (jit/program.ts), never a class that a user holds.',
      severity: 'error',
      from: { path: '^jit/' },
      to: { path: '^lib/' },
    },
    {
      name: 'only-ir-emits',
      comment: 'One file speaks to LLVM; all others are plain data in, plain data out.',
      severity: 'error',
      from: { pathNot: '^(jit/ir\\.ts$|test/|bench/)' },
      to: { path: 'llvm-bindings' },
    },
    {
      name: 'only-native-loads-addons',
      comment: 'createRequire is how an addon gets in: ours by lib/native.ts, llvm-bindings by jit/ir.ts.',
      severity: 'error',
      from: { path: '^(lib|jit)/', pathNot: '^(lib/native|jit/ir)\\.ts$' },
      to: { path: '^(node:)?module$' },
    },
    {
      name: 'product-imports-no-scaffolding',
      comment: 'What is shipped does not depend on what is not.',
      severity: 'error',
      from: { path: '^(lib|jit)/' },
      to: { path: '^(test|bench|examples|scripts|native)/' },
    },
    {
      name: 'product-has-its-dependencies',
      comment: 'A package that lib/ or jit/ imports must be in "dependencies", or an installed tarball lacks it.',
      severity: 'error',
      from: { path: '^(lib|jit)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'examples-use-the-public-door',
      comment: 'An example shows what a user can write: import from "quadrille".',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(jit|test|bench)/|^lib/(?!index\\.ts$)' },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
