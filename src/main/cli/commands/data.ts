/** `data add`, `data list`, `data show` and `data remove`. */
import { quote } from '../../../shared/command-line.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { doubtCodes, encodingSchema, partSchema } from '../../../shared/import-options.ts'
import type { ImportPreview } from '../../../shared/dataset-import.ts'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { DatasetRecord } from '../../lab/records.ts'
import { publishedDatasets } from '../../../shared/published-datasets.ts'
import { importAnswers } from '../../../shared/import-answers.ts'
import { importFormats, packedFormats } from '../../../shared/import-formats.ts'
import { collect, doubtCode, imageShape, imageSize, name, part, rename, split, valueRange } from '../option-values.ts'
import { session } from '../session.ts'
import type { CommonOptions } from '../session.ts'
import { importOptions } from '../import-options.ts'
import type { AddOptions } from '../import-options.ts'
import { describePreview, previewFields } from '../import-words.ts'
import { bytes } from '../../../shared/wording.ts'
import { pairs, table } from '../tables.ts'
import { FailedResult, type Output } from '../output.ts'
import type { CliHost } from '../cli-host.ts'

export function addDataCommands(program: Command, host: CliHost): void {
  const data = program
    .command('data')
    .summary('data sets: add, list, show, remove')
    .description(
      'Data sets: labelled images. "mnist" is built in; your own are imported once, and known by a hash of their content from then on.',
    )

  data
    .command('add <path...>')
    .summary('import files as a data set')
    .description(
      `Imports labelled images, whole or not at all, from:
${Object.values(importFormats)
  .map((reads) => `  - ${reads}`)
  .join('\n')}
${packedFormats} Or a data set by its name, which is fetched with npm: ${Object.entries(publishedDatasets)
        .map(([one, { title, bytes: size }]) => `${one} (${title}, ${bytes(size)})`)
        .join(
          ', ',
        )}. Folders and files that are called train, validation and test stay apart. Files are read in a process of their own, with memory and time capped. Where they may be read in more than one way, nothing is kept, the exit code is 2, and the options that answer it are named.`,
    )
    .option('--name <n>', 'name to call it by (default: from the files)', name)
    .option(
      '--size <height x width>',
      'size to bring every image to, at most 64x64 (default: as they are, if all are of one such size)',
      imageSize,
    )
    .addOption(new Option('--grey', 'keep brightness only').conflicts('colour'))
    .option('--colour', 'keep colours (default: if any image has some)')
    .addOption(
      new Option('--fit <how>', 'how an image of another shape is fitted: middle cut out, whole with black bars, or stretched').choices([
        'crop',
        'pad',
        'stretch',
      ]),
    )
    .option(
      '--label-column <name>',
      'tables and arrays: name of the column or array of labels, or its number from 1; of columns of 0 and 1, all, with commas between; of tables beside images that have the same, set/a.csv: label (default: guessed)',
    )
    .option('--image-column <name>', 'arrays and parquet: name of the array or column of images (default: guessed)')
    .option('--part <name=for>', `what a file, folder or array is for (may be repeated): ${partSchema.options.join(', ')}`, part)
    .addOption(
      new Option('--class-folder <which>', 'folders within folders: which are the classes (default: outer)').choices(['outer', 'inner']),
    )
    .addOption(new Option('--labels-from <what>', 'what says the classes where both do (default: folders)').choices(['folders', 'table']))
    .option(
      '--leave-out <end>',
      'leave images out whose name ends so, such as _mask, or that lie in such a folder: masks/ (may be repeated)',
      collect,
    )
    .option('--missing <label>', 'a label that says that there is none (may be repeated)', collect)
    .addOption(
      new Option(
        '--channels <where>',
        'rows of numbers: the colours of a pixel side by side (last), or one colour after the other (first)',
      ).choices(['last', 'first']),
    )
    .addOption(
      new Option(
        '--pixel-order <order>',
        'arrays: the pixels of an image in a row of numbers stand row by row, or column by column',
      ).choices(['rows', 'columns']),
    )
    .option('--rename <class=name>', 'another name for a class (may be repeated)', rename)
    .addOption(new Option('--background <b>', 'what shows where an image is transparent (default: white)').choices(['white', 'black']))
    .addOption(new Option('--header', 'tables: the first row names the columns (default: guessed)').conflicts('noHeader'))
    .option('--no-header', 'tables: the first row is an image like the others')
    .option('--shape <height x width x channels>', 'tables: what the pixels of a row are (default: a square)', imageShape)
    .addOption(
      new Option('--encoding <e>', 'tables, and names in zip archives: encoding of the text (default: told by its bytes)').choices(
        encodingSchema.options,
      ),
    )
    .option('--range <from,to>', 'values of pixels that become black and white (default: told by the values)', valueRange)
    .addOption(
      new Option('--equal <how>', 'images that are equal: keep all, or each once (in test before validation before training)').choices([
        'keep',
        'once',
      ]),
    )
    .addOption(
      new Option(
        '--accept <code>',
        `what is asked about, and taken as it was read (may be repeated): ${Object.keys(doubtCodes).join(', ')}`,
      ).argParser(doubtCode),
    )
    .option('--split <train,validation,test>', 'images for each (default: all there are)', split)
    .option('--preview', 'only show what was recognised; keep nothing')
    .addHelpText(
      'after',
      `
Examples:
  ${host.program} data add ~/photos --size 32x32 --preview
  ${host.program} data add train-images-idx3-ubyte.gz train-labels-idx1-ubyte.gz --name digits
  ${host.program} data add ~/fashion-mnist
  ${host.program} data add cifar10
Then: train --data NAME`,
    )
    .action((paths: string[], options: CommonOptions & AddOptions) => {
      const choices = importOptions(options)
      if (options.preview === true)
        return session(host, options, { readOnly: true }, async (lab, output) => {
          tellPreview(await lab.imports.look(paths, choices), output)
        })
      return session(host, options, {}, async (lab, output) => {
        const { preview, dataset } = await lab.imports.addUnlessDoubted(paths, omitUndefined({ options: choices, name: options.name }))
        if (dataset === null) {
          tellPreview(preview, output)
          return
        }
        const known = dataset.known ? `These images are there already, as ${dataset.name}.\n` : ''
        output.result(
          { ...fields(dataset), known: dataset.known, readings: preview.readings, doubts: preview.doubts },
          `${known}${describe(dataset)}\nNext: ${host.program} train --data ${quote(dataset.name)}`,
        )
      })
    })

  data
    .command('list')
    .summary('what there is')
    .description('Lists the data sets in the data folder.')
    .action((options: CommonOptions) =>
      session(host, options, { readOnly: true }, (lab, output) => {
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
            ? `No data set was added yet. "mnist" is built in: ${host.program} train --data mnist`
            : table(['name', 'hash', 'images', 'classes', 'size', 'bytes'], rows)
        output.result({ datasets: datasets.map(fields) }, text)
      }),
    )

  data
    .command('remove <n>')
    .alias('delete')
    .summary('put a data set into the trash')
    .description('Puts a data set that no run uses into the trash. There it stays for 30 days at least.')
    .action((given: string, options: CommonOptions) =>
      session(host, options, {}, (lab, output) => {
        const { hash, name: own } = lab.datasets.get(given)
        lab.store.datasets.remove(hash)
        output.result({ removed: hash }, `${own} is in the trash. To have it back: ${host.program} trash --restore ${quote(own)}`)
      }),
    )

  data
    .command('show <n>')
    .summary('one data set')
    .description('Shows one data set, by name, hash or the beginning of a hash.')
    .action((name: string, options: CommonOptions) =>
      session(host, options, { readOnly: true }, (lab, output) => {
        const dataset = lab.datasets.get(name)
        output.result(fields(dataset), describe(dataset))
      }),
    )
}

/** @throws FailedResult where a doubt waits for an answer */
function tellPreview(preview: ImportPreview, output: Output): void {
  output.result(previewFields(preview), describePreview(preview))
  if (preview.doubts.length > 0) throw new FailedResult(2)
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
    ...(source.readings ?? []).slice(1).map(({ what, from }) => [`${what} from`, from] as const),
    ...importAnswers(source.options).map(([title, text]) => [title.toLowerCase(), text] as const),
    ...(source.order === null ? [] : [['order', source.order] as const]),
    ...(source.changes === undefined ? [] : [['changes', source.changes] as const]),
    ...(source.leftAside === undefined ? [] : [['not used', source.leftAside] as const]),
  ])
}
