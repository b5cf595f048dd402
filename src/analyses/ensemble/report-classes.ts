/** Which classes the ensemble knows, and what it takes the others for. */
import type { Block } from '../../main/report/content/document.ts'
import { fractionCell, inColumn } from '../../shared/statistics/in-columns.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { rowsOf } from '../../shared/scores.ts'
import { count, plural } from '../../shared/wording.ts'
import type { EnsembleResult } from './definition.ts'

/** With more classes a matrix is wider than a page: what each is mostly taken for says the same. */
const widest = 12
/** Rows that a reader goes through; of more classes, those that are known worst. */
const longest = 30

/** None for older results. @param members in words @param names of the classes */
export function classTables({ confusion, images, split }: EnsembleResult, members: string, names: readonly string[]): Block[] {
  if (confusion === undefined) return []
  const classes = rowsOf(confusion, names.length).map(({ row, total, right }, truth) => {
    const wrong = row.map((n, predicted) => (predicted === truth ? 0 : n))
    const most = Math.max(...wrong)
    return {
      name: names[truth],
      row,
      total,
      share: total === 0 ? 1 : right / total,
      takenFor: most === 0 ? '' : `${names[wrong.indexOf(most)]} (${count(most)})`,
    }
  })
  const shown = classes.length <= longest ? classes : classes.toSorted((a, b) => a.share - b.share).slice(0, longest)
  const accuracies = inColumn(shown.map(({ share, total }) => (total === 0 ? 'no image' : fractionCell(share, wilson(share, total)))))
  const on = `Mean-probability vote of ${members} on ${plural(images, `${split} image`)}`
  const left = { header: [''], align: 'left' as const }
  const numbers = (header: string) => ({ header: [header], align: 'right' as const })
  return [
    {
      kind: 'table',
      table: {
        id: 'classes',
        title: 'Accuracy by class',
        caption: [
          `${on}; in brackets 95 % intervals over images of the class.${shown.length < classes.length ? ` The ${longest} of ${count(classes.length)} classes that are known worst.` : ''}`,
        ],
        columns: [
          { header: ['Class'], align: 'left' },
          numbers('Images'),
          numbers('Accuracy'),
          { header: ['Mostly taken for'], align: 'left' },
        ],
        rows: shown.map(({ name, total, takenFor }, at) => [[name], [count(total)], [accuracies[at]], [takenFor]]),
      },
    },
    ...(classes.length > widest
      ? []
      : [
          {
            kind: 'table' as const,
            table: {
              id: 'confusion',
              title: 'Confusion matrix',
              caption: [`${on}: a row for each true class, a column for each prediction, images in the cells.`],
              columns: [left, ...names.map(numbers)],
              rows: classes.map(({ name, row }) => [[name], ...row.map((n) => [n === 0 ? '' : count(n)])]),
            },
          },
        ]),
  ]
}
