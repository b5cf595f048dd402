/**
 * Lints Svelte components by the rules that need types: `node scripts/checks/lint-components.mjs`.
 *
 * Each component becomes the TypeScript that svelte-check reads, in a copy of `src` where it takes the component's place; oxlint looks at
 * that, and what it says is told of the line in the component. ESLint asks TypeScript about one component at a time, which takes fifteen
 * times as long (docs/decisions/lint.md).
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire, SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { svelte2tsx } from 'svelte2tsx'

const root = resolve(import.meta.dirname, '../..')

/** Rules that find what svelte2tsx writes. Those of them that need no types are ESLint's for components. */
const ofGenerated =
  /^(prefer-const|no-var|typescript\/(no-(unsafe-.+|unused-.+|explicit-any|deprecated|(generated-)?empty-object-type|unnecessary-type-(assertion|conversion)|meaningless-void-operator)|require-await|consistent-type-imports|unbound-method|triple-slash-reference))$/

/** @typedef {{ message: string, code: string, filename: string, labels: { span: { line: number, column: number } }[] }} Diagnostic */

const copy = mkdtempSync(join(tmpdir(), 'weightscape-lint-'))
try {
  process.exitCode = lint()
} finally {
  rmSync(copy, { recursive: true, force: true })
}

/** @returns {number} the exit code: 0 when there is nothing to say */
function lint() {
  for (const name of ['src', 'tsconfig.base.json', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: (path) => !path.endsWith('.svelte') })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  const shims = dirname(createRequire(import.meta.url).resolve('svelte2tsx/package.json'))
  for (const name of ['svelte-shims-v4.d.ts', 'svelte-jsx-v4.d.ts']) cpSync(join(shims, name), join(copy, 'src/renderer', name))

  const config = /** @type {{ rules: Record<string, unknown> }} */ (JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')))
  const rules = Object.fromEntries(Object.entries(config.rules).filter(([rule]) => !ofGenerated.test(rule)))
  writeFileSync(join(copy, '.oxlintrc.json'), JSON.stringify({ ...config, rules, ignorePatterns: [], overrides: [] }))

  /** @type {Map<string, SourceMap>} */
  const maps = new Map()
  for (const component of globSync('src/**/*.svelte', { cwd: root })) {
    const source = readFileSync(join(root, component), 'utf8')
    const { code, map } = svelte2tsx(source, { filename: component, isTsFile: true, mode: 'ts', version: '5.0.0' })
    writeFileSync(join(copy, `${component}.tsx`), code)
    maps.set(component, new SourceMap(/** @type {import('node:module').SourceMapPayload} */ (/** @type {unknown} */ (map))))
  }
  if (maps.size === 0) throw new Error('No component was found to lint.')
  return tell(maps)
}

/**
 * @param {Map<string, SourceMap>} maps from generated places to those in components
 * @returns {number} the exit code
 */
function tell(maps) {
  const args = ['--format=json', ...[...maps.keys()].map((component) => `${component}.tsx`)]
  const { stdout, stderr, status } = spawnSync(join(copy, 'node_modules/.bin/oxlint'), args, {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32',
  })
  if (stdout === '') throw new Error(`oxlint said nothing: ${stderr}`)
  const { diagnostics } = /** @type {{ diagnostics: Diagnostic[] }} */ (JSON.parse(stdout))
  for (const { message, code, filename, labels } of diagnostics) {
    const component = filename.replace(/\.tsx$/, '')
    const { line, column } = labels[0]?.span ?? { line: 1, column: 1 }
    const found = maps.get(component)?.findEntry(line - 1, column - 1)
    const place = found !== undefined && 'originalLine' in found ? `${found.originalLine + 1}:${found.originalColumn + 1}` : '1:1'
    process.stdout.write(`${component}:${place}: ${message} ${code}\n`)
  }
  return diagnostics.length === 0 ? (status ?? 1) : 1
}
