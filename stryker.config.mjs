import { AREAS } from './scripts/mutants/areas.mjs'

const chosen = process.env.WEIGHTSCAPE_MUTANTS?.split(',').filter(Boolean) ?? []
const names = chosen.length > 0 ? chosen : Object.keys(AREAS)

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // TensorFlow keeps one backend a process: see vitest.config.ts.
  vitest: { pool: 'forks' },
  mutate: [...names.flatMap((name) => AREAS[name]), '!**/*.test.ts', '!**/testing.ts', '!**/testing/**', '!**/*.svelte.ts'],
  // Emptied messages would be most of what survives, and the wording has tests of its own.
  mutator: { excludedMutations: ['StringLiteral'] },
  // What runs once as a file is loaded costs all tests a mutant.
  ignoreStatic: true,
  concurrency: 2,
  // The first run takes all tests that reach the area.
  dryRunTimeoutMinutes: 60,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false },
  htmlReporter: { fileName: `out/mutants/${names.join('-')}.html` },
  jsonReporter: { fileName: `out/mutants/${names.join('-')}.json` },
  tempDirName: 'out/mutants/work',
  ignorePatterns: ['out', 'bench/results', '.git'],
  thresholds: { high: 85, low: 85, break: 85 },
}
