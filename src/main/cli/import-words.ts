/** What would become of files, for a person and for a program. */
import type { ImportPreview } from '../../shared/dataset-import.ts'
import type { DoubtOutcome, PreviewDoubt } from '../../shared/import-preview.ts'
import { plural } from '../../shared/wording.ts'
import { optionsToType } from './import-options.ts'
import { pairs, table } from './tables.ts'

/** Lines of a list that are shown; the rest is counted. */
const maxLines = 20

/** What is doubted, and what would answer it. */
export function describeDoubts(doubts: readonly PreviewDoubt[]): string {
  return doubts
    .map(({ code, message, choices }) =>
      [
        `Question (${code}): ${message}`,
        ...choices.flatMap(({ words, options, outcome }) => [
          `  ${optionsToType(options)}  ${words}`,
          ...(outcome === undefined ? [] : [`      ${describeOutcome(outcome)}`]),
        ]),
      ].join('\n'),
    )
    .join('\n')
}

/** The preview without its pictures. */
export function previewFields({ samples, doubts, ...preview }: ImportPreview): object {
  const plain = doubts.map((doubt) => ({
    ...doubt,
    choices: doubt.choices.map(({ outcome, ...choice }) =>
      outcome === undefined ? choice : { ...choice, outcome: { ...outcome, samples: outcome.samples.length } },
    ),
  }))
  return { ...preview, doubts: plain, samples: samples.length }
}

/** `3 classes: cat 20, dog 20, eel 20; 48 + 6 + 6` */
function describeOutcome({ classCount, classes, split }: DoubtOutcome): string {
  const more = classCount > classes.length ? ', ...' : ''
  return `${plural(classCount, 'class', 'classes')}: ${classes.map(({ name, count }) => `${name} ${count}`).join(', ')}${more}; ${split.train} training, ${split.validation} validation, ${split.test} test`
}

export function describePreview(preview: ImportPreview): string {
  const { recognised, files, count, plan, changes, sizes, kept, order, duplicates, unreadable, labelColumn, notes } = preview
  const { train, validation, test } = kept
  const channels = `${plan.channels} channel${plan.channels === 1 ? '' : 's'}`
  const facts = pairs([
    ['recognised', recognised],
    ['files', shortList(files, 5).join(', ')],
    ['images', `${count}, each ${plan.height} x ${plan.width} pixels, ${channels}`],
    [
      'as they are',
      shortList(
        sizes.map(({ height, width, channels: c, count: n }) => `${n} of ${height} x ${width} x ${c}`),
        5,
      ).join(', '),
    ],
    ...(changes === null ? [] : [['changes', changes] as const]),
    ['split', `${train} training, ${validation} validation, ${test} test`],
    ...(order === null ? [] : [['order', order] as const]),
    ...(labelColumn === null
      ? []
      : [['labels', `column ${labelColumn.chosen} (or with --label-column: ${shortList(labelColumn.candidates, 8).join(', ')})`] as const]),
    ...preview.readings.slice(1).map(({ what, from }) => [`${what} from`, from] as const),
    ['duplicates', describeDuplicates(duplicates)],
    ['unreadable', String(unreadable.count)],
  ])
  return [
    facts,
    ...notes.map((note) => `note: ${note}`),
    '',
    describeClasses(preview),
    ...(unreadable.count === 0
      ? []
      : [
          '',
          'Could not be read:',
          ...shortList(
            unreadable.examples.map(({ name, reason }) => `  ${name}: ${reason}`),
            maxLines,
            unreadable.count,
          ),
        ]),
    '',
    ...(preview.doubts.length === 0
      ? ['Nothing was kept. Import it by leaving out --preview.']
      : [describeDoubts(preview.doubts), '', 'Nothing was kept. Give the command again with an answer to each question.']),
  ].join('\n')
}

function describeDuplicates({ count, acrossClasses, acrossSplits, examples }: ImportPreview['duplicates']): string {
  if (count === 0) return '0'
  const parts = [
    ...(acrossClasses > 0 ? [`${acrossClasses} in different classes`] : []),
    ...(acrossSplits > 0 ? [`${acrossSplits} in different parts (training, validation, test)`] : []),
  ]
  const [[earlier, later]] = examples
  return `${count}${parts.length === 0 ? '' : `, ${parts.join(', ')}`} (${later} is ${earlier}${count > 1 ? ', ...' : ''})`
}

function describeClasses({ classes, count }: ImportPreview): string {
  const apart = classes.some(({ parts }) => parts !== null)
  const rows = classes
    .slice(0, maxLines * 2)
    .map(({ name, count: own, parts }) => [
      name,
      String(own),
      `${((100 * own) / count).toFixed(1)} %`,
      ...(apart ? [String(parts?.train ?? 0), String(parts?.validation ?? 0), String(parts?.test ?? 0)] : []),
    ])
  const more = classes.length - rows.length
  const shown = table(['class', 'images', 'share', ...(apart ? ['training', 'validation', 'test'] : [])], rows)
  return more > 0 ? `${shown}\n... and ${more} more` : shown
}

function shortList(lines: readonly string[], most: number, count = lines.length): string[] {
  const shown = lines.slice(0, most)
  return count > shown.length ? [...shown, `... and ${count - shown.length} more`] : shown
}
