/** The command line in the reference page: every command with its options, as its own help has them. */
import type { Command } from 'commander'
import { code, markdownTable } from './markdown.ts'

/** Options that every command has; they are told of once. */
const common = new Set(['--data-dir', '--json', '--help'])

/** A section a command that can be called, in the order of the help. */
export function commandSections(program: Command): string[] {
  return leavesOf(program).map((command) => {
    const help = command.createHelp()
    const rows = help
      .visibleOptions(command)
      .filter(({ long }) => !common.has(long ?? ''))
      .map((option) => [code(help.optionTerm(option)), help.optionDescription(option)])
    const words = help.commandUsage(command).replace(`${program.name()} `, '')
    const parts = [`### ${code(words)}`, command.description()]
    if (rows.length > 0) parts.push(markdownTable(['Option', 'What it says'], rows))
    return parts.join('\n\n')
  })
}

/** The commands that can be called. */
export const leavesOf = (command: Command): Command[] =>
  command.commands.filter((child) => child.name() !== 'help').flatMap((child) => (child.commands.length > 0 ? leavesOf(child) : [child]))
