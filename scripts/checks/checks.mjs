/** The checks beside the tests; each is a program from node_modules/.bin, or a script of ours, that ends with 0 when all is well. */

/**
 * @typedef {object} Check
 * @property {string} name as `npm test -- NAME` knows it; several may share one
 * @property {string} shows what is shown when it passes
 * @property {[string, ...string[]]} command
 */

/** Slowest first, so that the two lanes end together. @type {readonly Check[]} */
export const CHECKS = [
  { name: 'build', shows: "the window's code is built, and a package would hold what is listed", command: ['scripts/checks/build.mjs'] },
  {
    name: 'svelte',
    shows: 'types of the renderer, components and all',
    command: ['svelte-check', '--tsconfig', 'src/renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'lint',
    shows: 'the linter has nothing to say of TypeScript and JavaScript',
    command: ['oxlint', '--deny-warnings', '--report-unused-disable-directives', '.'],
  },
  {
    name: 'lint',
    shows: 'nor of what is written with Svelte',
    command: ['eslint', '--max-warnings=0', 'src/**/*.svelte', 'src/**/*.svelte.ts'],
  },
  { name: 'lint', shows: 'nor of types in components', command: ['scripts/checks/lint-components.mjs'] },
  {
    name: 'exports',
    shows: 'nothing is exported that nobody imports',
    command: ['knip', '--include', 'files,exports,types,dependencies,unlisted'],
  },
  { name: 'types', shows: 'types of shared, engine, main and bench', command: ['tsc', '-p', '.'] },
  { name: 'types', shows: 'types of scripts', command: ['tsc', '-p', 'scripts'] },
  { name: 'types', shows: 'types of the end-to-end tests', command: ['tsc', '-p', 'e2e'] },
  { name: 'types', shows: 'types of the preload bridge', command: ['tsc', '-p', 'src/preload'] },
  { name: 'format', shows: 'every file is formatted', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  {
    name: 'arrows',
    shows: 'folders import only what they may',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'bench'],
  },
]
