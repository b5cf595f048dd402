import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { presets } from '../../shared/presets.ts'
import { settableKeys } from '../../shared/document-keys.ts'
import type { Action } from '../../shared/help.ts'
import { methods } from '../../shared/contract.ts'
import type { MethodName } from '../../shared/contract.ts'
import { buildProgram } from './program.ts'
import { leavesOf } from './reference/commands.ts'
import { referenceHost } from './reference/host.ts'
import { remedyToType } from './remedy.ts'

const root = new URL('../../../', import.meta.url).pathname
const sources = globSync('src/**/*.ts', { cwd: root, exclude: (path) => path.endsWith('.test.ts') || path.includes('testing') }).map(
  (path) => readFileSync(`${root}${path}`, 'utf8'),
)
const commands = leavesOf(buildProgram(referenceHost))
const called = new Map(
  commands.map((command) => [command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name(), command]),
)
const known = new Set(commands.flatMap(({ options }) => options.flatMap(({ long, short }) => [long, short])))
/** Those of presets, and those that a document may leave out. */
const keys = new Set([...Object.values(presets).flatMap((preset) => settableKeys(preset)), ...settableKeys()])

/** Keys of `settings: { ... }` as they stand in the source; computed ones are left out. */
const keysIn = (literal: string): string[] =>
  [...literal.matchAll(/(?:'([\w.]+)'|\b(\w+))\s*(?::|(?=,|$))/g)].map(([, quoted, plain]) => quoted ?? plain)

/** Every remedy of the source that names an action or settings. */
const helps = sources.flatMap((text) =>
  [...text.matchAll(/\{[^{}]*(?:action: '([\w-]+)')?[^{}]*settings: \{([^{}]*)\}|action: '([a-z-]+)'/g)].map(
    ([whole, , settings = '', alone]) => ({
      action: (alone ?? /action: '([\w-]+)'/.exec(whole)?.[1]) as Action | undefined,
      settings: Object.fromEntries(keysIn(settings.replace(/\[[^\]]*\][^,]*/g, '').replace(/(:)[^,]*/g, '$1 1')).map((key) => [key, 1])),
    }),
  ),
)

it('names in each remedy whose settings are written out a command that there is, with options that it has', () => {
  const typed = helps
    .filter(({ action }) => action === undefined || action !== ('deny' as string))
    .map(({ action, settings }) =>
      remedyToType({ remedy: 'Do', help: { ...(action === undefined ? {} : { action }), settings } }, 'PROGRAM'),
    )
  expect(typed.length).toBeGreaterThan(40)
  expect(typed.some((line) => line.includes('--out')) && typed.some((line) => line.includes('--set'))).toBe(true)
  for (const line of typed) {
    const [, words = ''] = line.split('PROGRAM ')
    const command = [...called.keys()].find((name) => `${words} `.startsWith(`${name} `))
    if (words !== '') expect([line, command]).toEqual([line, expect.any(String)])
    const there = command === undefined ? known : new Set(called.get(command)!.options.flatMap(({ long, short }) => [long, short]))
    for (const [option] of line.matchAll(/(?<=[ (])--?[a-z][\w-]*/g))
      expect([line, option, there.has(option)]).toEqual([line, option, true])
    for (const [, key] of line.matchAll(/--set ([\w.]+)=/g)) expect([line, keys.has(key)]).toEqual([line, true])
  }
})

it('names scripts and commands in sentences that there are', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }
  const texts = [...sources, ...['README.md', 'docs/guide.md', 'docs/remote.md'].map((path) => readFileSync(`${root}${path}`, 'utf8'))]
  const said = texts.flatMap((text) => [
    ...text.matchAll(/\bnpm (run |(?=(?:ci|start|test|install|exec|update|audit)\b))([\w:-]+)( -- ([a-z]+(?:-[a-z]+)*)\b)?/g),
  ])
  expect(said.length).toBeGreaterThan(15)
  for (const [words, run, script, , command] of said) {
    expect([words, run === '' ? ['ci', 'start', 'test'].includes(script) : script in scripts]).toEqual([words, true])
    if (script === 'lab' && command !== undefined)
      expect([words, [...called.keys(), 'data', 'study', 'sweep', 'runs', 'help'].includes(command)]).toEqual([words, true])
  }
})

/** The command that does the same; null: a click alone, as the guide says. */
const byCommand: Readonly<Partial<Record<MethodName, string | null>>> = {
  'runs.create': 'train',
  'runs.repeat': 'train',
  'runs.start': 'resume',
  'runs.fork': 'fork',
  'imports.begin': 'data add',
  'imports.addPaths': 'data add',
  'imports.commit': 'data add',
  'imports.fetch': 'data add',
  'analyses.start': 'evaluate',
  'samples.start': 'sample',
  'reports.start': 'report',
  'analyses.finalTest': 'final-test',
  'exports.start': 'export',
  'runs.export': 'runs export',
  'runs.import': 'runs import',
  'networks.import': 'networks import',
  'demo.start': 'demo',
  'studies.start': 'study run',
  'studies.remove': 'study remove',
  // Ctrl+C of the command itself.
  'runs.pause': 'resume',
  'imports.cancel': 'data add',
  'tasks.cancel': 'evaluate',
  'runs.stop': null,
  'runs.edit': 'runs edit',
  'runs.remove': 'runs remove',
  'runs.restore': 'trash',
  'datasets.rename': null,
  'datasets.remove': 'data remove',
  'datasets.restore': 'trash',
  'checkpoints.pin': null,
  'networks.bookmark': null,
  'networks.removeBookmark': null,
  'artefacts.remove': null,
  'trash.erase': 'trash',
  'system.clearCaches': null,
  'system.repair': 'repair',
  'preferences.set': null,
}

it('has a command for all that is computed by a click, and says in the guide what is a click alone', () => {
  const effects = (Object.keys(methods) as MethodName[]).filter((name) => methods[name].effect)
  expect(new Set(effects)).toEqual(new Set(Object.keys(byCommand)))
  for (const command of Object.values(byCommand)) if (command !== null) expect([...called.keys()]).toContain(command)
  const guide = readFileSync(`${root}docs/guide.md`, 'utf8').replace(/\s+/g, ' ')
  expect(guide).toContain('All that computes something or writes a file is also a [command](../README.md#the-command-line)')
  expect(guide).toContain(
    "Ending a run early for good, another name for a data set, bookmarks, pins and preferences are the window's alone.",
  )
})
