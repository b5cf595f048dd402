/** `repair`. */
import type { Command } from 'commander'
import { defaultDataFolder } from '../../lab/system/data-folder.ts'
import { repairSentences } from '../../lab/system/repair.ts'
import { jsonOutput } from '../json-output.ts'
import type { CommonOptions } from '../session.ts'
import { textOutput } from '../text-output.ts'
import type { CliHost } from '../cli-host.ts'

export function addRepairCommand(program: Command, host: CliHost): void {
  program
    .command('repair')
    .summary('rebuild a damaged database')
    .description(
      'Puts the database of the data folder together anew: from the one that is there as far as it can be read, from its backups, and from checkpoints, data sets and records in the folder. What was there is kept in the folder "damaged". A database that is intact keeps all that it holds.',
    )
    .addHelpText('after', `\nExamples:\n  ${host.program} repair\n  ${host.program} repair --data-dir /mnt/lab`)
    .action(async (options: CommonOptions) => {
      const output = options.json === true ? jsonOutput(host) : textOutput(host)
      const { repairDataFolder } = await import('../../assembly/open-lab.ts')
      const report = repairDataFolder(options.dataDir ?? defaultDataFolder(host), { clock: () => host.now(), command: 'repair' })
      output.result(report, repairSentences(report).join('\n'))
    })
}
