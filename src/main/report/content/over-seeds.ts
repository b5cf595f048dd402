/** What repeats of the run over seeds say together: a table of its numbers, and its curve with a band. */
import { bandInWords, curveOverSeeds, seedValueInWords } from '../../../shared/statistics/over-seeds.ts'
import { plural } from '../../../shared/wording.ts'
import { draw } from '../figures/draw.ts'
import { shownChartFigure } from '../figures/shown-chart.ts'
import type { ReportInput } from '../input.ts'
import { figures } from './document.ts'
import type { Block, Section } from './document.ts'

/** Nothing where the run has no repeats. */
export function overSeeds({ overSeeds: found }: ReportInput): Section[] {
  if (found === undefined) return []
  const { runs, values, curves } = found
  const { n, steps, mean, low, high } = curveOverSeeds(curves)
  const line = { name: 'mean over seeds', x: steps, y: mean, ...(n < 2 ? {} : { low, high }) }
  const explanation = `Mean accuracy of networks on validation images while training: ${bandInWords(n, runs.length)}.`
  const chart = { kind: 'lines', title: 'Accuracy over seeds', unit: 'share', x: 'training step', explanation, lines: [line] } as const
  const members = runs.map(({ run, seed }) => `seed ${seed}: ${run}`).join(', ')
  const intro = `${plural(runs.length, 'run')} of the same document but for the seed (${members}). In brackets: 95 % intervals (Student's) of the mean over seeds; an interval of one run over images does not say how far seeds lie apart.`
  return [
    {
      id: 'over-seeds',
      title: 'Over seeds',
      blocks: [
        { kind: 'paragraph', text: [intro] },
        ...(values.length === 0 ? [] : [table(found)]),
        ...figures(steps.length < 2 ? null : shownChartFigure('seeds', chart, { draw })),
        ...(values.length === 0 ? [{ kind: 'paragraph' as const, text: ['None of their numbers was found for this report.'] }] : []),
      ],
    },
  ]
}

function table({ values }: NonNullable<ReportInput['overSeeds']>): Block {
  const heads = ['Number', 'n', 'Mean', 'Deviation', 'Of each seed', 'Seeds', 'On']
  return {
    kind: 'table',
    table: {
      id: 'over-seeds',
      title: 'Over seeds',
      caption: [
        'Mean, 95 % interval and standard deviation over seeds. Runs that have a number on another basis, or not yet, are named and left out.',
      ],
      columns: heads.map((head) => ({ header: [head], align: 'left' as const })),
      rows: values.map((value) => {
        const { statistics, mean, deviation, each, seeds } = seedValueInWords(value, 'fraction')
        return [value.label, String(statistics.n), mean, deviation, each, seeds, value.basis].map((cell) => [cell])
      }),
    },
  }
}
