/** `data add`, `data list` and `data show`. */
import type { Command } from 'commander'
import type { DatasetRecord } from '../../lab/records.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { bytes, pairs, table } from '../wording.ts'
import type { World } from '../world.ts'

export function addDataCommands(program: Command, world: World): void {
  const data = program
    .command('data')
    .summary('data sets: add, list, show')
    .description(
      'Data sets: labelled images. "mnist" is built in; your own are imported once, and known by a hash of their content from then on.',
    )

  data
    .command('add <path...>')
    .summary('import files as a data set')
    .description(
      'Imports IDX files (the format of MNIST), plain or compressed (.gz): a file of images and one of labels, or both pairs for training and test, or a folder that holds them.',
    )
    .option('--name <n>', 'name to call it by (default: from the files)')
    .addHelpText(
      'after',
      `
Examples:
  ${world.program} data add train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz --name digits
  ${world.program} data add ~/fashion-mnist
Then: train --data NAME`,
    )
    .action((paths: string[], options: CommonOptions & { name?: string }) =>
      session(world, options, { noEngine: true }, async (lab, output) => {
        const dataset = await lab.datasets.add(paths, options.name)
        output.result(fields(dataset), `${describe(dataset)}\nNext: train --data ${dataset.name}`)
      }),
    )

  data
    .command('list')
    .summary('what there is')
    .description('Lists the data sets in the data folder.')
    .action((options: CommonOptions) =>
      session(world, options, { readOnly: true, noEngine: true }, (lab, output) => {
        const datasets = lab.datasets.list()
        for (const dataset of datasets) output.item('dataset', fields(dataset))
        const rows = datasets.map(({ name, hash, count, classes, height, width, channels, bytes: size }) => [
          name,
          hash.slice(0, 12),
          String(count),
          String(classes),
          `${height} x ${width} x ${channels}`,
          bytes(size),
        ])
        const text =
          rows.length === 0
            ? 'No data set was added yet. "mnist" is built in: train --data mnist'
            : table(['name', 'hash', 'images', 'classes', 'size', 'bytes'], rows)
        output.result({ datasets: datasets.map(fields) }, text)
        return Promise.resolve()
      }),
    )

  data
    .command('show <n>')
    .summary('one data set')
    .description('Shows one data set, by name, hash or the beginning of a hash.')
    .action((name: string, options: CommonOptions) =>
      session(world, options, { readOnly: true, noEngine: true }, (lab, output) => {
        const dataset = lab.datasets.get(name)
        output.result(fields(dataset), describe(dataset))
        return Promise.resolve()
      }),
    )
}

function fields({
  hash,
  name,
  count,
  height,
  width,
  channels,
  classes,
  classNames,
  suggestedSplit,
  source,
  bytes: size,
}: DatasetRecord): object {
  return { hash, name, count, height, width, channels, classes, classNames, split: suggestedSplit, source, bytes: size }
}

function describe({ hash, name, count, height, width, channels, classNames, suggestedSplit, source, bytes: size }: DatasetRecord): string {
  const { train, validation, test } = suggestedSplit
  return pairs([
    ['name', name],
    ['hash', hash],
    ['images', `${count}, each ${height} x ${width} pixels, ${channels} channel${channels === 1 ? '' : 's'} (${bytes(size)})`],
    ['split', `${train} training, ${validation} validation, ${test} test`],
    ['classes', `${classNames.length}: ${classNames.join(', ')}`],
    ['files', source.files.join(', ')],
    ...(source.order === null ? [] : [['order', source.order] as const]),
  ])
}
