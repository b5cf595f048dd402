/** A whole command line, from its words to its exit code. */
import { CommanderError, type Command } from 'commander'
import { LabError, toErrorValue } from '../../shared/errors.ts'
import { spellHidden } from '../../shared/names.ts'
import type { ErrorValue } from '../../shared/errors.ts'
import { jsonOutput } from './json-output.ts'
import { commandsElsewhere, settingElsewhere } from './other-words.ts'
import { FailedResult } from './output.ts'
import { buildProgram } from './program.ts'
import { remedyToType } from './remedy.ts'
import { textOutput } from './text-output.ts'
import type { CliHost } from './cli-host.ts'

/** 0 done, 1 failed, 2 invalid argument or an answer is wanted, 130 interrupted. */
export function exitCodeOf(error: ErrorValue): number {
  if (error.code === 'invalid-argument' || error.code === 'doubtful') return 2
  if (error.code === 'cancelled') return 130
  return 1
}

/** Runs a command line, without the program's own name; every error is told, none is thrown. */
export async function runCommandLine(words: readonly string[], given: CliHost): Promise<number> {
  const host: CliHost = {
    ...given,
    // The one place where words leave: whatever they are about, none of them commands the terminal.
    stdout: (text) => given.stdout(spellHidden(text)),
    stderr: (text) => given.stderr(spellHidden(text)),
  }
  const program = buildProgram(host)
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    if (thrown instanceof FailedResult) return thrown.exitCode
    const error = thrown instanceof CommanderError ? invalidUsage(thrown, words, host, program) : toErrorValue(thrown)
    const output = words.includes('--json') ? jsonOutput(host) : textOutput(host)
    output.error({ ...error, remedy: remedyToType(error, host.program) })
    return exitCodeOf(error)
  }
}

/** Commands that take settings. */
const settable: ReadonlySet<string> = new Set(['train', 'fork', 'study', 'sweep'])

/** What commander says, with its suggestion, as an error like any other. */
function invalidUsage(thrown: CommanderError, words: readonly string[], host: CliHost, program: Command): ErrorValue {
  const command = words.find((word) => !word.startsWith('-'))
  const asked = commandAsked(program, words)
  const help = [host.program, ...asked.path, '--help'].join(' ')
  if (thrown.code === 'commander.help') {
    return toErrorValue(new LabError('invalid-argument', 'A command is missing.', `See what there is with: ${help}`))
  }
  const [sentence, suggestion = ''] = thrown.message.replace(/^error: /, '').split(/\n|\s*(?=\(Did you mean)/)
  const said = `${sentence[0].toUpperCase()}${sentence.slice(1)}${/[.?]$/.test(sentence) ? '' : '.'}`
  const flags = /^required option '(.*)' not specified/.exec(sentence)?.[1]
  const choices = asked.command.options.find((option) => option.flags === flags)?.argChoices
  if (choices !== undefined) return wrongUse(`${said} It is one of ${choices.join(', ')}.`, help)
  const [, word = ''] = /^unknown (?:command|option) '(.*)'/.exec(sentence) ?? []
  const meant =
    (thrown.code === 'commander.unknownCommand' && command === word ? commandsElsewhere[word] : undefined) ??
    (thrown.code === 'commander.unknownOption' && settable.has(command ?? '') ? settingElsewhere(word) : undefined) ??
    /Did you mean (?:one of )?([^?)]*)/.exec(suggestion)?.[1]
  return wrongUse(meant === undefined ? said : `${said} Did you mean ${meant}?`, help)
}

const wrongUse = (message: string, help: string): ErrorValue =>
  toErrorValue(new LabError('invalid-argument', message, `See what is possible with: ${help}`))

/** The command that words name, as far as there is one, and the words that do. */
function commandAsked(program: Command, words: readonly string[]): { command: Command; path: string[] } {
  let command = program
  const path: string[] = []
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next === undefined) break
    command = next
    path.push(next.name())
  }
  return { command, path }
}
