/** What repeats of the run over seeds say together: a table of its numbers, and its curve with a band. */
import { bandInWords, curveOverSeeds, overSeeds as overValues, seedValuesInWords } from '../../../shared/statistics/over-seeds.ts'
import type { SeedValue } from '../../../shared/contract/runs.ts'
import { plural } from '../../../shared/wording.ts'
import { draw } from '../figures/draw.ts'
import { shownChartFigure } from '../figures/shown-chart.ts'
import type { ReportInput } from '../input.ts'
import { figures } from './document.ts'
import type { Block, Section } from './document.ts'

/** Nothing where the run has no repeats. */
export function overSeeds({ overSeeds: found, document }: ReportInput): Section[] {
  if (found === undefined) return []
  const { runs, values, curves } = found
  const { n, steps, mean, low, high } = curveOverSeeds(curves)
  const ends = curves.flatMap(({ steps: own, values: all }) => (own.at(-1) === steps.at(-1) ? all.slice(-1) : []))
  const last = ends.length === 0 ? null : overValues(ends, 'share', 'highest').interval
  const within = steps.map((_, at) => (at === steps.length - 1 ? last : null))
  const line = { name: 'mean over seeds', x: steps, y: mean, within, ...(n < 2 ? {} : { low, high }) }
  const { networks, images } = document.evaluation
  const on = `${plural(networks, 'network')} on the first ${plural(Math.min(images, document.data.split.validation), 'validation image')}`
  const explanation = `Mean accuracy of ${on} while training: ${bandInWords(n, runs.length)}.`
  const chart = { kind: 'lines', title: 'Accuracy over seeds', unit: 'share', x: 'training step', explanation, lines: [line] } as const
  const members = runs.map(({ run, seed }) => `seed ${seed}: ${run}`).join(', ')
  const intro = `${plural(runs.length, 'run')} of the same document but for the seed (${members}). In brackets: 95 % intervals (Student's) of the mean over seeds; an interval of one run over images does not say how far seeds lie apart.`
  return [
    {
      id: 'over-seeds',
      title: 'Over seeds',
      blocks: [
        { kind: 'paragraph', text: [intro] },
        ...tables(found),
        ...figures(steps.length < 2 ? null : shownChartFigure('seeds', chart, { draw })),
        ...(values.length === 0 ? [{ kind: 'paragraph' as const, text: ['None of their numbers was found for this report.'] }] : []),
      ],
    },
  ]
}

/** A table for each basis that numbers stand on. */
function tables({ values }: NonNullable<ReportInput['overSeeds']>): Block[] {
  const bases = [...new Set(values.map(({ basis }) => basis))]
  const heads = ['Number', 'n', 'Mean', 'S.d.', 'Of each seed', 'Seeds']
  return bases.map((basis, place) => {
    const own = values.filter((value) => value.basis === basis)
    const told = inEachUnit(own)
    return {
      kind: 'table',
      table: {
        id: place === 0 ? 'over-seeds' : `over-seeds-${place + 1}`,
        title: 'Over seeds',
        caption: [
          `Mean, 95 % interval and standard deviation over seeds: ${basis}. Runs that have a number on another basis, or not yet, are named and left out.`,
        ],
        columns: heads.map((head) => ({ header: [head], align: 'left' as const })),
        rows: own.map((value, at) => {
          const { statistics, mean, each, seeds } = told[at]!
          const deviation = statistics.deviation === null ? '–' : statistics.deviation.toPrecision(2)
          return [value.label, String(statistics.n), mean, deviation, each, seeds].map((cell) => [cell])
        }),
      },
    }
  })
}

/** Shares have as many decimals below each other; nats of one number are no measure of another's. */
function inEachUnit(values: readonly SeedValue[]) {
  const shares = seedValuesInWords(
    values.map((value) => (value.unit === 'share' ? value : undefined)),
    'fraction',
  )
  return values.map((value, at) => shares[at] ?? seedValuesInWords([value], 'fraction')[0])
}
