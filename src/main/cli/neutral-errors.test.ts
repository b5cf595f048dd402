import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, it } from 'vitest'
import { buildProgram } from './program.ts'
import { referenceHost } from './reference/host.ts'

const sources = fileURLToPath(new URL('../../', import.meta.url))
/** Layers that know neither command line nor window. */
const layers = '{shared,engine,layers,methods,analyses,main/{store,data,data-import,report,engine-host,process,lab,api}}/**/*.ts'
/** These put commands together for people to copy: that is their whole purpose. */
/** Definitions of analyses hold the examples of their commands. */
const writesCommands = /analyses[/][\w-]+[/]definition[.]ts$|[/](command|study-command|command-lines?|testing[/].*|.*[.]test)[.]ts$/

const optionsOf = (command: Command): string[] => [
  ...command.options.flatMap(({ long }) => long ?? []),
  ...command.commands.flatMap(optionsOf),
]

it('errors below the doors name no option, no command and no program', () => {
  const program = buildProgram(referenceHost)
  const option = `(?:${[...new Set(optionsOf(program))].join('|')}|-n)(?![\\w-])`
  const command = `(?<=: |with |[\`'])(?:${program.commands.map((one) => one.name()).join('|')}) (?:RUN|PATH|\\$\\{\\w+(?:[.]id)?\\})`
  const words = new RegExp(
    `(?<![\\w-])(?:${option}|${command}|npm run|weightscape (?:${program.commands.map((one) => one.name()).join('|')}))`,
  )
  const found = globSync(layers, { cwd: sources })
    .filter((path) => !writesCommands.test(path))
    .flatMap((path) =>
      readFileSync(join(sources, path), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          !/^\s*(\/?\*|\/\/)|commandLine\(\[/.test(line) && words.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    )
  expect(found).toEqual([])
})
