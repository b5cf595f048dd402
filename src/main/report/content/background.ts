/** The sections that say how the results came about: configuration, timings, method, how to make them again. */
import { optionFacts } from '../../../analyses/option-facts.ts'
import { otherRunsOption } from '../../../analyses/other-runs.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import { isUsed } from '../../../methods/method.ts'
import { isTrained, methodOf } from '../../../methods/registry.ts'
import { splitInWords } from '../../../shared/deal.ts'
import { differences, documentValue } from '../../../shared/document-differences.ts'
import { importAnswers } from '../../../shared/import-answers.ts'
import { settingOf, settingsOf } from '../../../shared/settings.ts'
import { settingInWords } from '../../../shared/sweep.ts'
import { referenceInWords } from '../../../shared/reference-batch.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { samplesFigure } from '../figures/samples.ts'
import { stepTimeFigure } from '../figures/step-time.ts'
import { bytes, count, duration, listed, percent, plural, times } from '../../../shared/wording.ts'
import { moment, shorten } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { figures } from './document.ts'
import type { Block, Inline, Section, Table } from './document.ts'
import { describeTarget, prettyJson } from './settings.ts'

/** Characters of a setting's value in a table: lists are given whole at the end. */
const longestValue = 36

/** Names and addresses decide no number: the data set has a table of its own. */
const names = new Set(['preset', 'data.id'])

const pairs = (id: string, title: string, headers: [string, string], rows: [string, Inline[]][]): Block => ({
  kind: 'table',
  table: {
    id,
    title,
    caption: [],
    columns: headers.map((header) => ({ header: [header], align: 'left' as const })),
    rows: rows.map(([name, value]) => [[name], value]),
  },
})

/** The data, the target, and what differs from the preset. */
export function configuration(input: ReportInput): Section {
  const { data, document } = input
  const [height, width, channels] = data.shape
  const names = data.classes
    .slice(0, 12)
    .map((name) => shorten(name, 24))
    .join(', ')
  const more = data.classes.length > 12 ? ` and ${data.classes.length - 12} more` : ''
  return {
    id: 'configuration',
    title: 'Configuration',
    blocks: [
      pairs(
        'data',
        'Data and target network',
        ['What', 'Value'],
        [
          ['Data set', [data.name]],
          ['Images', [`${height} × ${width} pixels, ${plural(channels, 'channel')}`]],
          ['Split', [splitInWords(document.data)]],
          ['Read from', [readFrom(data.source)]],
          ...readingRows(data.source),
          ...(data.source.changes === undefined ? [] : [['Done to the images', [data.source.changes]] as [string, Inline[]]]),
          ...(data.source.order === null ? [] : [['Order', [data.source.order]] as [string, Inline[]]]),
          ['Classes', [`${count(data.classes.length)}: ${names}${more}`]],
          ['Target network', [describeTarget(document)]],
          ...referenceRow(document),
          ['Its weights', [`${count(layOut(document.target).weightCount)}, ${methodOf(document.method).origin(document.method, count)}`]],
        ],
      ),
      ...sampleImages(input),
      ...differing(input),
      allSettings(input),
    ],
  }
}

function sampleImages(input: ReportInput): Block[] {
  const { samples } = input.data
  if (samples === undefined || !('lost' in samples)) return figures(samplesFigure(input))
  return [{ kind: 'paragraph', text: [`Images of the data set are not shown: ${samples.lost}`] }]
}

/** What networks answer with that normalise over the batch. */
function referenceRow({ target }: ReportInput['document']): [string, Inline[]][] {
  const { reference } = target
  return reference === undefined
    ? []
    : [['Reference batch', [`${referenceInWords(reference)}: each network answers with their means and variances`]]]
}

/** How the files were read, and what the person answered. */
function readingRows({ readings = [], options }: ReportInput['data']['source']): [string, Inline[]][] {
  const titles: Readonly<Record<string, string>> = { labels: 'Labels from', splits: 'Splits from', pixels: 'Pixels from' }
  const rows = readings.flatMap(({ what, from }): [string, Inline[]][] =>
    Object.hasOwn(titles, what) ? [[titles[what], [shorten(from, 200)]]] : [],
  )
  return [...rows, ...importAnswers(options).map(([title, text]): [string, Inline[]] => [title, [shorten(text, 300)]])]
}

/** Files named in a table; there may be thousands. */
const namedFiles = 8

function readFrom({ format, files, leftAside }: ReportInput['data']['source']): string {
  const names = files.slice(0, namedFiles).map((name) => shorten(name, 60))
  const more = files.length > namedFiles ? [plural(files.length - namedFiles, 'other file')] : []
  return `${format}: ${listed([...names, ...more])}${leftAside === undefined ? '' : `; not used: ${leftAside}`}`
}

/** Parts of a document that say how it was trained; target and data have a table of their own. */
const trained = /^(method|training|evaluation|seed)\b/

/** A number as people write it; all else as in the document, with room to break lines. */
const valueInWords = (key: string, value: unknown): string =>
  typeof value === 'number' ? settingInWords(key, value) : JSON.stringify(value).replaceAll(',', ', ')

function allSettings({ document }: ReportInput): Block {
  const method = methodOf(document.method)
  return pairs(
    'all-settings',
    isTrained(document) ? 'Method, training and evaluation' : 'Method',
    ['Setting', 'Value'],
    settingsOf(document)
      .filter(({ key }) => trained.test(key) && isUsed(method, key))
      .map(({ key, label, symbol, unit }): [string, Inline[]] => {
        const value = valueInWords(key, documentValue(document, key))
        return [symbol === undefined ? label : `${label}, ${symbol}`, [unit === undefined ? value : `${value} ${unit}`]]
      }),
  )
}

function differing({ document, preset }: ReportInput): Block[] {
  if (preset === null) {
    return [{ kind: 'paragraph', text: ['The document names no known preset; all of it is given at the end.'] }]
  }
  const found = differences([preset, document]).filter(({ key }) => !names.has(key))
  if (found.length === 0) {
    return [
      {
        kind: 'paragraph',
        text: ['Every setting is that of the preset ', { code: preset.preset }, '; the whole document is given at the end.'],
      },
    ]
  }
  const table: Table = {
    id: 'settings',
    title: 'Settings that differ from the preset',
    caption: ['Against ', { code: preset.preset }, '; the whole document is given at the end.'],
    columns: [
      { header: ['Setting'], align: 'left' },
      { header: ['Meaning'], align: 'left' },
      { header: ['Preset'], align: 'right' },
      { header: ['This run'], align: 'right' },
    ],
    rows: found.map(({ key, values }) => {
      const [before, value] = values.map((one) => shorten(one === null ? '(none)' : valueInWords(key, one), longestValue))
      const { label, symbol } = settingOf(key, document)
      const meaning: Inline[] = [label, ...(symbol === undefined ? [] : [', ', { italic: symbol }])]
      return [[{ code: key }], meaning, [before], [{ strong: value }]]
    }),
  }
  return [{ kind: 'table', table }]
}

/** How long each stage took. */
export function timings(input: ReportInput): Section[] {
  const stages = input.timings.filter(({ seconds }) => Number.isFinite(seconds))
  const titles = input.results.flatMap(({ kind, result }) => ('seconds' in result ? [] : [findAnalysis(kind)?.title.toLowerCase() ?? kind]))
  const untimed = [...new Set(titles)]
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const table: Table = {
    id: 'timings',
    title: 'Time of each stage',
    caption: [
      `Wall-clock time on ${input.environment.cpu}, ${plural(input.environment.cores, 'core')}${onDevice(input.environment)}.${untimed.length === 0 ? '' : ` Not timed, and so not in it: ${listed(untimed)}.`}`,
    ],
    columns: [
      { header: ['Stage'], align: 'left' },
      { header: ['What'], align: 'left' },
      { header: ['Time'], align: 'right' },
      { header: ['Share'], align: 'right' },
    ],
    rows: [
      ...stages.map(({ stage, seconds, note }): Inline[][] => [
        [stage],
        [note ?? ''],
        [duration(seconds)],
        [percent(total > 0 ? seconds / total : null, 0)],
      ]),
      ...(stages.length > 1 ? [[[{ strong: 'Together' }], [''], [{ strong: duration(total) }], ['']] as Inline[][]] : []),
    ],
  }
  const figure = stepTimeFigure(input)
  const blocks: Block[] = [
    ...(stages.length > 0 ? [{ kind: 'table' as const, table }] : []),
    ...(figure === null ? [] : [{ kind: 'figure' as const, figure }]),
  ]
  return blocks.length === 0 ? [] : [{ id: 'timings', title: 'Timings', blocks }]
}

/** *Stars* around a symbol; one alone is itself, as in the name of a file. */
const withItalics = (text: string): Inline[] => text.split(/\*([^*]+)\*/).map((part, at) => (at % 2 === 1 ? { italic: part } : part))

/** The method in a few lines, and what is done with its networks. */
export function method({ document }: ReportInput): Section {
  const definition = methodOf(document.method)
  const { reference } = definition
  const items: Inline[][] = [
    ...definition.explanation(document.method, count).map(withItalics),
    [
      'Its networks vote in ensembles, and a student is distilled from the mean probabilities that members of an ensemble give training images.',
    ],
  ]
  return {
    id: 'method',
    title: 'Method',
    blocks: [
      { kind: 'list', items },
      ...(reference === undefined
        ? []
        : [{ kind: 'paragraph' as const, text: [`${reference.text}, `, { link: reference.link, text: reference.name }, '.'] }]),
    ],
  }
}

/** The newest are told; all are counted. */
const mostInterruptions = 5

/** Everything that another person needs to get the same numbers. */
export function reproduce(input: ReportInput): Section {
  const { environment, reproduce: receipt, run, data } = input
  const versions = Object.entries(environment.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
  const seeds = Object.entries(receipt.seeds)
    .map(([purpose, seed]) => `${purpose} ${seed}`)
    .join(', ')
  const rows: [string, Inline[]][] = [
    ['Run', [`${shorten(run.name, 110)}, `, { code: run.id }, `, begun ${moment(run.created)}, ${run.state}`]],
    ...run.interruptions
      .slice(-mostInterruptions)
      .map(({ at, step, text }, place): [string, Inline[]] => [
        place === 0 ? `Broken off ${times(run.interruptions.length)}` : '',
        [`${moment(at)}${step === null ? '' : `, step ${count(step)}`}: ${shorten(text, 160)}`],
      ]),
    ['Data (SHA-256)', [{ code: data.hash }]],
    ['Checkpoint (SHA-256)', [{ code: receipt.checkpoint }, `, step ${count(run.step)}`]],
    ['Seeds', [seeds]],
    [
      'Machine',
      [
        `${environment.machine}: ${environment.cpu}, ${plural(environment.cores, 'core')}, ${bytes(environment.memoryBytes)}${onDevice(environment)}`,
      ],
    ],
    ['System', [environment.os]],
    [
      'Engine processes',
      [`${count(environment.farmProcesses)}${environment.networks === undefined ? '' : `, networks ${environment.networks}`}`],
    ],
    ['Versions', [versions]],
    ...(environment.commit === undefined ? [] : [['Commit', [{ code: environment.commit }]] as [string, Inline[]]]),
  ]
  return {
    id: 'reproduce',
    title: 'Reproduce',
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'The same document and data on the same kind of machine, with networks run in the same way, give the same bits; on others the numbers agree up to the order of floating-point sums. A run that was broken off goes on to the same bits. The data set has to be there first, read from the same files in the same way: then its SHA-256 is the one below.',
          ...(input.results.some(laysOthersBeside)
            ? [' Runs that were laid beside this one are there by the commands of their own reports, and get other names.']
            : []),
        ],
      },
      ...(receipt.commands.length > 0
        ? [{ kind: 'code' as const, label: 'Commands', text: receipt.commands.map(foldCommand).join('\n') }]
        : []),
      pairs('receipt', 'What this report was made from', ['What', 'Value'], rows),
      { kind: 'code', label: 'The experiment’s document', text: prettyJson(input.document) },
    ],
  }
}

/** Whether a result has networks of other runs beside those of this one. */
function laysOthersBeside({ kind, options }: ReportInput['results'][number]): boolean {
  const analysis = findAnalysis(kind)
  const key = analysis === undefined ? undefined : otherRunsOption(optionFacts(analysis))?.key
  return key !== undefined && Array.isArray(options[key]) && options[key].length > 0
}

/** A long command over several lines, as a shell takes it; a word that is too long for one goes on where the next begins. */
export function foldCommand(command: string): string {
  const room = 92
  if (command.length <= room) return command
  const lines = ['']
  // An option and its value stay together.
  for (const word of command.match(/(?:--?[A-Za-z][\w-]*\s+(?!-))?(?:'[^']*'|\\[\s\S]|[^\s'\\])+/g) ?? []) {
    const line = lines[lines.length - 1]
    if (line === '' || line.length + word.length + 3 <= room) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => foldWord(line, room)).join(' \\\n  ')
}

/** Breaks between characters, after a comma where there is one: a backslash that ends a line joins both sides, but not inside quotes. */
function foldWord(line: string, room: number): string {
  const pieces: string[] = []
  let rest = line
  while (rest.length > room) {
    const comma = rest.lastIndexOf(',', room - 1)
    const at = comma > room / 2 ? comma + 1 : rest[room - 1] === '\\' ? room - 1 : room
    const piece = rest.slice(0, at)
    const quote = /'/.test(piece.replace(/'[^']*'|\\[\s\S]/g, '')) ? "'" : ''
    pieces.push(piece + quote)
    rest = quote + rest.slice(at)
  }
  return [...pieces, rest].join('\\\n')
}

/** Where TensorFlow ran on something else than the processor. */
const onDevice = ({ device }: ReportInput['environment']): string =>
  device === undefined || device === 'the processor' ? '' : `, ${device}`
