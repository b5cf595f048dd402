/** What repeats of a run over seeds say together: a mean with how far seeds lie apart, and curves with a band. */
import type { SeedValue } from '../contract/runs.ts'
import { plural } from '../wording.ts'
import { fractionCell, inColumn, numberCell, percentCell, spreadCell, type ColumnCell, type ColumnFigure } from './in-columns.ts'
import { differenceInterval, meanInterval, meanOfFew, standardDeviation } from './intervals.ts'
import type { Interval } from './intervals.ts'
import { meanOf } from './moments.ts'
import type { Best, DifferenceOf } from './ranks.ts'

interface SeedStatistics {
  /** Seeds. */
  n: number
  mean: number
  /** Standard deviation of seeds (of n - 1); null: one seed shows none. */
  deviation: number | null
  /** Student's, of the mean of endlessly many seeds, within the values that there can be; null: one seed gives none, nor do seeds that are all alike. */
  interval: Interval | null
}

/** @param values one a seed, at least one @param unit shares lie from 0 to 1 @param best of nats the lowest: a loss, which is not below 0 */
export function overSeeds(values: readonly number[], unit: 'share' | 'nats', best: Best): SeedStatistics {
  const n = values.length
  const bounds: [number?, number?] = unit === 'share' ? [0, 1] : best === 'lowest' ? [0] : []
  return {
    n,
    mean: meanOf(values),
    deviation: n < 2 ? null : standardDeviation(values),
    interval: values.every((value) => value === values[0]) ? null : meanInterval(values, ...bounds),
  }
}

/** Of a number that runs are compared by. */
export const statisticsOf = ({ found, unit, best }: Pick<SeedValue, 'found' | 'unit' | 'best'>): SeedStatistics =>
  overSeeds(
    found.map(({ value }) => value),
    unit,
    best,
  )

/** How far the mean of one document lies above that of another, whatever the seeds. @param groups values of each one's seeds */
export function differenceOverSeeds(groups: readonly (readonly number[])[]): DifferenceOf {
  const means = groups.map(meanOfFew)
  return (one, other) => differenceInterval(means[other], means[one])
}

type Write = 'percent' | 'fraction'

/** A number at the head of a column; shares say by themselves that they are. */
export const headOfColumn = ({ label, unit }: { label: string; unit: 'share' | 'nats' }): string =>
  unit === 'nats' ? `${label}, nats` : label

/** "95.1 % [93.0, 97.2]"; @param write shares in per cent, or as reports have them */
function meanCell({ n, mean, interval }: SeedStatistics, unit: 'share' | 'nats', write: Write): ColumnFigure {
  const cell = unit === 'nats' ? numberCell : write === 'percent' ? percentCell : fractionCell
  return cell(mean, interval, n < 2 ? '[one seed]' : '[no interval]')
}

/** "s.d. 0.82 points", below others with as many decimals; nothing where one seed has none. */
function deviationsInWords(all: readonly { statistics: SeedStatistics; unit: 'share' | 'nats' }[], write: Write): string[] {
  const inPoints = (unit: 'share' | 'nats'): boolean => unit === 'share' && write === 'percent'
  const cells = inColumn(
    all.map(({ statistics: { deviation }, unit }) => (deviation === null || deviation === 0 ? '' : spreadCell(deviation, inPoints(unit)))),
  )
  return all.map(({ statistics: { deviation } }, at) => {
    if (deviation === null) return ''
    return deviation === 0 ? 'the same for all seeds, which tells nothing of others' : `s.d. ${cells[at]}`
  })
}

/** "over 2 seeds, so few that intervals are wide" */
function seedCountInWords(n: number): string {
  if (n < 2) return 'of one seed, which tells nothing of others'
  return `over ${plural(n, 'seed')}${n === 2 ? ', so few that intervals are wide' : ''}`
}

/** The same of all numbers of a table, to be said once; null: they are not of as many seeds, and each says its own. */
export function seedsOfAll(values: readonly (SeedValue | undefined)[]): string | null {
  const counts = new Set(values.flatMap((value) => (value === undefined ? [] : [value.found.length])))
  const [n] = counts
  return counts.size === 1 ? seedCountInWords(n) : null
}

/** Which seeds a number has, beside how many there are: "seeds 1, 2, 3"; "seeds 1, 2; not of 3 (quiet-lynx), on this basis". */
function seedsInWords({ found, missing }: Pick<SeedValue, 'found' | 'missing'>): string {
  const of = `${found.length === 1 ? 'seed' : 'seeds'} ${found.map(({ seed }) => seed).join(', ')}`
  if (missing.length === 0) return of
  return `${of} alone: not yet found, or on another basis, of ${missing.map(({ seed, run }) => `seed ${seed} (${run})`).join(', ')}`
}

/** All that is told of a number over seeds. */
export interface SeedValueInWords {
  statistics: SeedStatistics
  mean: string
  deviation: string
  /** Said where a table does not say it of all ({@link seedsOfAll}). */
  over: string
  each: string
  seeds: string
}

/** A row of a study, or whatever else has numbers over seeds. */
interface WithValues {
  values: readonly SeedValue[]
}

/** Of its numbers the one that is called so. */
export const valueOf = ({ values }: WithValues, label: string): SeedValue | undefined => values.find((value) => value.label === label)

/** What seeds say of it; undefined: there is none. */
export function statisticsIn(of: WithValues, label: string): SeedStatistics | undefined {
  const value = valueOf(of, label)
  return value === undefined ? undefined : statisticsOf(value)
}

/** A column of a table in words, by row; null: the row has no such number. */
export const columnInWords = (rows: readonly WithValues[], label: string, write?: Write): (SeedValueInWords | null)[] =>
  seedValuesInWords(
    rows.map((row) => valueOf(row, label)),
    write,
  )

/** Means over seeds, and beside them figures of runs by themselves, all with as many decimals; nothing where there is none. */
export const meansInColumn = (rows: readonly (SeedValue | ColumnCell | undefined)[], write: Write = 'percent'): string[] =>
  inColumn(rows.map((row = '') => (typeof row === 'object' && 'found' in row ? meanCell(statisticsOf(row), row.unit, write) : row)))

/** Of numbers below each other; null: there is none. */
export function seedValuesInWords(values: readonly (SeedValue | undefined)[], write: Write = 'percent'): (SeedValueInWords | null)[] {
  const known = values.flatMap((value) => (value === undefined ? [] : [{ ...value, statistics: statisticsOf(value) }]))
  const means = meansInColumn(known, write)
  const deviations = deviationsInWords(known, write)
  const told = known.map((value, at): SeedValueInWords => {
    const { statistics, found, unit } = value
    const one = unit === 'nats' ? numberCell : write === 'percent' ? percentCell : fractionCell
    return {
      statistics,
      mean: means[at],
      deviation: deviations[at],
      over: seedCountInWords(statistics.n),
      each: inColumn(found.map(({ value: of }) => one(of))).join(', '),
      seeds: seedsInWords(value),
    }
  })
  let at = 0
  return values.map((value) => (value === undefined ? null : told[at++]))
}

/** The same for programs. */
export const seedValueAsFields = (value: SeedValue) => ({ ...value, ...statisticsOf(value) })

interface Curve {
  /** In increasing order. */
  steps: ArrayLike<number>
  values: ArrayLike<number>
}

interface SeedCurve {
  /** Seeds that it is of: those that have come as far as the furthest; the others would bend it where they end. */
  n: number
  steps: number[]
  /** Mean over seeds; low and high: least and greatest. */
  mean: number[]
  low: number[]
  high: number[]
}

/** At each step of the first; others are joined by straight lines where long curves were thinned. */
export function curveOverSeeds(curves: readonly Curve[]): SeedCurve {
  const last = Math.max(...curves.map(({ steps }) => (steps.length === 0 ? -Infinity : steps[steps.length - 1])))
  const whole = curves.filter(({ steps }) => steps.length > 0 && steps[steps.length - 1] === last)
  const steps = whole.length === 0 ? [] : Array.from(whole[0].steps).filter((step) => whole.every((curve) => curve.steps[0] <= step))
  const columns = whole.map((curve) => valuesAt(curve, steps))
  const at = (of: (values: number[]) => number) => steps.map((_, i) => of(columns.map((values) => values[i])))
  return {
    n: whole.length,
    steps,
    mean: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: at((values) => Math.min(...values)),
    high: at((values) => Math.max(...values)),
  }
}

/** @param wanted in increasing order, within the curve */
function valuesAt({ steps, values }: Curve, wanted: readonly number[]): number[] {
  let i = 0
  return wanted.map((step) => {
    while (steps[i] < step) i++
    if (steps[i] === step) return values[i]
    const part = (step - steps[i - 1]) / (steps[i] - steps[i - 1])
    return values[i - 1] + part * (values[i] - values[i - 1])
  })
}

/** "mean of 3 seeds, band from the least to the greatest"; @param asked how many there are in all */
export function bandInWords(n: number, asked: number): string {
  const of = n === asked ? plural(n, 'seed') : `${n} of ${plural(asked, 'seed')}`
  return n === 1 ? `one of ${plural(asked, 'seed')}, no band` : `mean of ${of}, band least to greatest`
}
