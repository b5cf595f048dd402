/** All commands, with the help that teaches them. */
import { Command, type Option } from 'commander'
import { LabError } from '../../shared/errors.ts'
import { addAnalysisCommands } from './commands/analyse.ts'
import { addDataCommands } from './commands/data.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addFinalTestCommand } from './commands/final-test.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addCurvesCommand } from './commands/curves.ts'
import { addExportCommand } from './commands/export.ts'
import { addCockpitCommand } from './commands/cockpit.ts'
import { addPredictCommand } from './commands/predict.ts'
import { addRepairCommand } from './commands/repair.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommands } from './commands/runs.ts'
import { addNetworkCommands } from './commands/networks.ts'
import { addSampleCommand } from './commands/sample.ts'
import { addServeCommand } from './commands/serve.ts'
import { addStudyCommands } from './commands/study.ts'
import { addSweepCommands } from './commands/sweep.ts'
import { addToyCommand } from './commands/toy.ts'
import { addTrainingCommands } from './commands/train.ts'
import { addTrashCommand } from './commands/trash.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { gatherers } from './option-values.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import type { CliHost } from './cli-host.ts'

export function buildProgram(host: CliHost): Command {
  const program = new Command(host.program)
    .description(
      'A lab for the manifold of good weights of a neural network: train a hypernetwork, sample networks, map them, let them vote, distil, report.',
    )
    .version(host.version)
    .helpCommand('help [command]', 'what a command does')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Start here:
  ${host.program} demo                                 everything at once, on MNIST, in a few minutes
  ${host.program} train --preset mnist-quick           a run of your own; it prints the run's id
  ${host.program} evaluate latest -n 200               test 200 networks sampled from it
  ${host.program} report latest --format html --out .  and read about it

RUN is a run's id, the beginning of one, its name, or "latest".
Data is kept in ${defaultDataFolder(host)}; choose another folder with --data-dir, or WEIGHTSCAPE_DATA.
With --json each line on stdout is one JSON object; the last one is {"event":"result",...} or {"event":"error",...}.
Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted.`,
    )
  addDemoCommand(program, host)
  addDataCommands(program, host)
  addNetworkCommands(program, host)
  addTrainingCommands(program, host)
  addRunCommands(program, host)
  addSampleCommand(program, host)
  addAnalysisCommands(program, host)
  addFinalTestCommand(program, host)
  addPredictCommand(program, host)
  addCockpitCommand(program, host)
  addReportCommand(program, host)
  addExportCommand(program, host)
  addCurvesCommand(program, host)
  addStudyCommands(program, host)
  addSweepCommands(program, host)
  addVerifyCommand(program, host)
  addDoctorCommand(program, host)
  addToyCommand(program, host)
  addTrashCommand(program, host)
  addRepairCommand(program, host)
  addServeCommand(program, host)
  forAll(program, (command) => {
    // Errors come back to be told like any other; what is asked for (help, version) is written as it is.
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => host.stdout(text), writeErr: () => undefined, getOutHelpWidth: () => host.columns })
    command.allowExcessArguments(false)
    if (command.commands.length > 0) return
    command
      .hook('preAction', () => {
        for (const option of command.options)
          if (isPath.test(option.flags)) refuseEmpty(option.flags, command.getOptionValue(option.attributeName()))
        command.registeredArguments.forEach(
          (one, i) => isPath.test(`<${one.name()}>`) && refuseEmpty(`<${one.name()}>`, command.processedArgs[i]),
        )
      })
      .option('--data-dir <dir>', 'folder where runs and data sets are kept')
      .option('--json', 'one JSON object a line on stdout, for programs')
    for (const option of command.options) refuseSecond(command, option)
  })
  return program
}

/** What options and arguments are called whose value is the path of a file or folder. */
const isPath = /<(dir|file|path|golden|image)>/

/** To the system an empty path is the folder where somebody stands, which nobody means who writes `--data-dir "$LAB"`. */
function refuseEmpty(what: string, value: unknown): void {
  if ([value].flat().includes(''))
    throw new LabError('invalid-argument', `${what} is empty.`, 'Name a file or folder; "." is the folder that you are in.')
}

/** Of two values of an option that takes one, none is taken for the other. */
function refuseSecond(command: Command, option: Option): void {
  if (!(option.required || option.optional) || option.variadic || gatherers.has(option.parseArg)) return
  let first: string | undefined
  command.on(`option:${option.name()}`, (value: string) => {
    if ((first ??= value) !== value)
      throw new LabError(
        'invalid-argument',
        `${option.long ?? option.short} is given twice, as "${first}" and as "${value}".`,
        'Give it once.',
      )
  })
}

function forAll(command: Command, visit: (command: Command) => void): void {
  visit(command)
  for (const child of command.commands) forAll(child, visit)
}
