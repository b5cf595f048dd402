/** What accuracy costs in diversity: settings of a sweep, or methods of a study, as points with intervals over seeds. */
import type { Chart } from '../../../analyses/analysis.ts'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { statisticsIn } from '../../../shared/statistics/over-seeds.ts'
import { variedKeys } from '../../../shared/sweep.ts'
import { imagesInWords } from '../../../shared/study.ts'
import { count, plural } from '../../../shared/wording.ts'

/** What says how diverse networks are, the first that there is. */
const diversities = ['Entropy', 'Disagreement of two networks']

/** Labels of the two axes, where nothing else is asked; null: one of them was not found of any row. */
export function frontierAxes({ columns }: Pick<StudyDetails, 'columns'>): { x: string; y: string } | null {
  const has = (label: string) => columns.some((column) => column.label === label)
  const x = diversities.find(has)
  const y = columns.find((column) => column.unit === 'share' && column.best === 'highest' && !diversities.includes(column.label))?.label
  return x === undefined || y === undefined ? null : { x, y }
}

/** @param axes labels of columns */
export function frontierChart({ name, study, rows, columns }: StudyDetails, { x, y }: { x: string; y: string }): Chart {
  const points = rows.flatMap((row) => {
    const { title, settings } = row
    const [along, up] = [x, y].map((label) => statisticsIn(row, label))
    if (along === undefined || up === undefined) return []
    const seeds = Math.min(along.n, up.n)
    return [{ name: title, settings, seeds, x: along.mean, y: up.mean, across: along.interval, within: up.interval }]
  })
  // While a study is under way not all have come as far.
  const [fewest, most] = [Math.min, Math.max].map((end) => end(...points.map(({ seeds }) => seeds)))
  const keys = variedKeys(study)
  const isLine = keys.length === 1 && study.presets.length === 1 && points.every(({ settings }) => typeof settings[0]?.value === 'number')
  const ordered = isLine ? points.toSorted((a, b) => Number(a.settings[0].value) - Number(b.settings[0].value)) : points
  const asked = [...new Set(rows.flatMap(({ networks }) => networks ?? []))].map(count).join(' or ')
  const unitOf = (label: string) => columns.find((column) => column.label === label)?.unit
  return {
    kind: 'points',
    title: `${y} against ${x.toLowerCase()}, ${name}`,
    explanation: `${most < 2 ? 'Of one seed, which tells no interval' : `Means over ${fewest < most ? `${fewest} to ` : ''}${plural(most, 'seed')} with 95 % intervals (Student’s)`}, of ${asked} networks a run on ${imagesInWords(study)}.`,
    ...(unitOf(y) === 'share' ? { unit: 'share' as const } : {}),
    x: `${x.toLowerCase()}${unitOf(x) === 'nats' ? `, nats, of ${asked} networks` : ''}`,
    y: y.toLowerCase(),
    // One setting is a way along the frontier.
    joined: isLine,
    points: ordered,
  }
}
