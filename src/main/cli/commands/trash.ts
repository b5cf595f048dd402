/** `trash`. */
import type { Command } from 'commander'
import { LabError } from '../../../shared/errors.ts'
import { bytes } from '../../../shared/wording.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { table } from '../tables.ts'
import type { CliHost } from '../cli-host.ts'

interface Options extends CommonOptions {
  restore?: string[]
  erase?: string[]
}

export function addTrashCommand(program: Command, host: CliHost): void {
  program
    .command('trash')
    .summary('what was deleted, and files that no list knows')
    .description(
      'Lists deleted runs and data sets, which go for good after 30 days at the earliest, and files that were found without an entry in the database, which stay until they are erased.',
    )
    .option('--restore <ids...>', 'bring these back')
    .option('--erase <ids...>', 'delete these for good')
    .addHelpText(
      'after',
      `\nExamples:\n  ${host.program} trash\n  ${host.program} trash --restore calm-otter\n  ${host.program} trash --erase calm-otter brisk-heron`,
    )
    .action((options: Options) =>
      session(host, options, { readOnly: options.restore === undefined && options.erase === undefined }, async (lab, output) => {
        const items = await lab.store.trash.list()
        const find = (ids: readonly string[] = []) =>
          ids.map((id) => {
            const found = items.find((item) => item.id === id || item.name === id)
            if (found === undefined)
              throw new LabError('not-found', `There is no ${id} in the trash.`, `See what is, with: ${host.program} trash`)
            return found
          })
        const [restored, erased] = [find(options.restore), find(options.erase)]
        if (restored.some(({ kind }) => kind === 'orphan'))
          throw new LabError('invalid-argument', 'What has no entry in the database is brought back by repairing it.', 'Repair it.', {
            action: 'repair',
          })
        if (restored.length + erased.length === 0) {
          for (const item of items) output.item('item', item)
          const rows = items.map(({ id, kind, name, bytes: size, goneAt }) => [
            id,
            kind === 'dataset' ? 'data set' : kind,
            name === id ? '' : name,
            bytes(size),
            goneAt === null ? 'until erased' : `until ${new Date(goneAt).toISOString().slice(0, 10)}`,
          ])
          output.result({ items }, rows.length === 0 ? 'The trash is empty.' : table(['id', 'what', 'name', 'size', 'kept'], rows))
          return
        }
        const of = (kind: string, from: typeof items) => from.filter((item) => item.kind === kind).map(({ id }) => id)
        if (restored.length > 0) {
          lab.store.runs.restore(of('run', restored))
          for (const hash of of('dataset', restored)) lab.store.datasets.restore(hash)
        }
        const freed =
          erased.length === 0
            ? 0
            : await lab.store.trash.erase({ runs: of('run', erased), datasets: of('dataset', erased), orphans: of('orphan', erased) })
        const said = [
          ...(restored.length > 0 ? [`Restored ${restored.map(({ name }) => name).join(', ')}.`] : []),
          ...(erased.length > 0 ? [`Freed ${bytes(freed)}.`] : []),
        ]
        output.result({ restored: restored.map(({ id }) => id), erased: erased.map(({ id }) => id), freed }, said.join(' '))
      }),
    )
}
