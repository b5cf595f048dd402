/** The sections that say how the results came about: configuration, timings, method, how to make them again. */
import { methodOf } from '../../../methods/registry.ts'
import { differences } from '../../../shared/document-differences.ts'
import { settingOf } from '../../../shared/settings.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { stepTimeFigure } from '../figures/step-time.ts'
import { bytes, count, duration, percent, plural } from '../../../shared/wording.ts'
import { moment, shorten } from '../format.ts'
import type { ReportInput } from '../input.ts'
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
    newPage: false,
    blocks: [
      pairs(
        'data',
        'Data and target network',
        ['What', 'Value'],
        [
          ['Data set', [data.name]],
          ['Images', [`${height} × ${width} pixels, ${plural(channels, 'channel')}`]],
          ['Split', [`${count(data.split.train)} training, ${count(data.split.validation)} validation, ${count(data.split.test)} test`]],
          ['Classes', [`${count(data.classes.length)}: ${names}${more}`]],
          ['Target network', [describeTarget(document)]],
          ['Its weights', [`${count(layOut(document.target).weightCount)}, ${methodOf(document.method).origin(document.method, count)}`]],
        ],
      ),
      ...differing(input),
    ],
  }
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
      const [before, value] = values.map((one) => shorten(one === null ? '(none)' : JSON.stringify(one), longestValue))
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
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0)
  const table: Table = {
    id: 'timings',
    title: 'Time of each stage',
    caption: [
      `Wall-clock time on ${input.environment.cpu}, ${plural(input.environment.cores, 'core')}${input.environment.gpu === undefined ? '' : `, ${input.environment.gpu}`}.`,
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
  return blocks.length === 0 ? [] : [{ id: 'timings', title: 'Timings', blocks, newPage: false }]
}

/** The method in a few lines, and what is done with its networks. */
export function method({ document }: ReportInput): Section {
  const definition = methodOf(document.method)
  const { reference } = definition
  const items: Inline[][] = [
    ...definition.explanation(document.method, count).map((words) => [...words]),
    [
      'Networks are then sampled at will: they vote in ensembles, and one student of the target’s own size is distilled from the ensemble’s mean probabilities.',
    ],
  ]
  return {
    id: 'method',
    title: 'Method',
    newPage: false,
    blocks: [
      { kind: 'list', items },
      { kind: 'paragraph', text: [`${reference.text}, `, { link: reference.link, text: reference.name }, '.'] },
    ],
  }
}

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
    ['Run', [`${run.name}, `, { code: run.id }, `, begun ${moment(run.created)}, ${run.state}`]],
    ['Data (SHA-256)', [{ code: data.hash }]],
    ['Checkpoint (SHA-256)', [{ code: receipt.checkpoint }, `, step ${count(run.step)}`]],
    ['Seeds', [seeds]],
    [
      'Machine',
      [
        `${environment.machine}: ${environment.cpu}, ${plural(environment.cores, 'core')}, ${bytes(environment.memoryBytes)}${environment.gpu === undefined ? '' : `, ${environment.gpu}`}`,
      ],
    ],
    ['System', [environment.os]],
    ['Engine processes', [count(environment.farmProcesses)]],
    ['Versions', [versions]],
    ...(environment.commit === undefined ? [] : [['Commit', [{ code: environment.commit }]] as [string, Inline[]]]),
  ]
  return {
    id: 'reproduce',
    title: 'Reproduce',
    newPage: true,
    blocks: [
      {
        kind: 'paragraph',
        text: [
          'The same document and data on the same kind of machine with as many engine processes give the same bits; on others the numbers agree up to the order of floating-point sums.',
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

/** A long command over several lines, as a shell takes it; never inside quotes. */
export function foldCommand(command: string): string {
  const room = 92
  if (command.length <= room || /['"`\\\n]/.test(command)) return command
  const lines = ['']
  for (const word of command.split(' ')) {
    const line = lines[lines.length - 1]
    // An option and its value stay together.
    const glued = /(^| )--?[A-Za-z][\w-]*$/.test(line)
    if (line === '' || glued || line.length + word.length + 3 <= room) lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
    else lines.push(word)
  }
  return lines.join(' \\\n  ')
}
