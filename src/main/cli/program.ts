/** All commands, with the help that teaches them. */
import { Command } from 'commander'
import { addDataCommands } from './commands/data.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addDistilCommand } from './commands/distil.ts'
import { addEnsembleCommand } from './commands/ensemble.ts'
import { addEvaluateCommand } from './commands/evaluate.ts'
import { addExportCommand } from './commands/export.ts'
import { addMapCommand } from './commands/map.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommands } from './commands/runs.ts'
import { addSampleCommand } from './commands/sample.ts'
import { addServeCommand } from './commands/serve.ts'
import { addTrainingCommands } from './commands/train.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import type { World } from './cli-host.ts'

export function buildProgram(world: World): Command {
  const program = new Command(world.program)
    .description(
      'A lab for the manifold of good weights of a neural network: train a hypernetwork, sample networks, map them, let them vote, distil, report.',
    )
    .version(world.version)
    .helpCommand('help [command]', 'what a command does')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Start here:
  ${world.program} demo                                 everything at once, on MNIST, in a few minutes
  ${world.program} train --preset mnist-quick           a run of your own; it prints the run's id
  ${world.program} evaluate latest -n 200               test 200 networks sampled from it
  ${world.program} report latest --format html --out .  and read about it

RUN is a run's id, the beginning of one, its name, or "latest".
Data is kept in ${defaultDataFolder(world)}; choose another folder with --data-dir, or WEIGHTSCAPE_DATA.
With --json each line on stdout is one JSON object; the last one is {"event":"result",...} or {"event":"error",...}.
Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.`,
    )
  addDemoCommand(program, world)
  addDataCommands(program, world)
  addTrainingCommands(program, world)
  addRunCommands(program, world)
  addSampleCommand(program, world)
  addEvaluateCommand(program, world)
  addEnsembleCommand(program, world)
  addDistilCommand(program, world)
  addMapCommand(program, world)
  addReportCommand(program, world)
  addExportCommand(program, world)
  addVerifyCommand(program, world)
  addServeCommand(program, world)
  forAll(program, (command) => {
    // Errors come back to be told like any other; what is asked for (help, version) is written as it is.
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => world.stdout(text), writeErr: () => undefined, getOutHelpWidth: () => world.columns })
    command.allowExcessArguments(false)
    if (command.commands.length > 0) return
    command
      .option('--data-dir <dir>', 'folder where runs and data sets are kept')
      .option('--json', 'one JSON object a line on stdout, for programs')
  })
  return program
}

function forAll(command: Command, visit: (command: Command) => void): void {
  visit(command)
  for (const child of command.commands) forAll(child, visit)
}
