/** What points can be coloured by: the values that maps bring, by their names. */
import { percentWithin } from '../../shared/statistics/in-words.ts'
import { wilson } from '../../shared/statistics/intervals.ts'
import { number, percent } from '../../shared/wording.ts'
import type { Column } from '../components/tables/table.ts'

export interface Measure {
  key: string
  title: string
  explanation: string
  format(value: number): string
  /** With its 95 % interval, where one is known. */
  told?(value: number): string
  /** Where values are places among names: these. */
  names?: readonly string[]
}

export const measures: readonly Measure[] = [
  {
    key: 'accuracy',
    title: 'Accuracy',
    explanation: 'Share of images that the network classifies correctly.',
    format: (value) => percent(value),
  },
  {
    key: 'loss',
    title: 'Cross-entropy',
    explanation: 'Mean cross-entropy of the true class, in nats: what training lowers.',
    format: (value) => number(value),
  },
  {
    key: 'disagreement',
    title: 'Disagreement',
    explanation: 'Share of images on which the network differs from the majority vote of all networks on the map.',
    format: (value) => percent(value),
  },
  {
    key: 'nearest',
    title: 'Nearest distance',
    explanation: 'L1 distance between the weights and those of the nearest other network: what the entropy is estimated from.',
    format: (value) => number(value),
  },
  { key: 'norm', title: 'Norm', explanation: 'Euclidean length of the weight vector.', format: (value) => number(value) },
]

/** Which run each network is of, where they are of several. @param names of the runs */
const byRun = (names: readonly string[]): Measure => ({
  ...{ key: 'run', title: 'Run', explanation: 'The run that made the network.', names },
  format: (value) => names[value] ?? '',
})

/**
 * Measures that a map has, in the order in which they are offered.
 * @param images on so many the networks were tried; null: not known
 * @param runs names of its runs, where there are several
 */
export function measuresOf(
  values: Readonly<Record<string, Float32Array>>,
  images: number | null = null,
  runs: readonly string[] = [],
): Measure[] {
  const told = images === null ? {} : { told: (accuracy: number) => percentWithin(accuracy, wilson(accuracy, images)) }
  const known = measures.filter(({ key }) => key in values).map((one) => ({ ...one, ...(one.key === 'accuracy' ? told : {}) }))
  const others = Object.keys(values).filter((key) => !measures.some((measure) => measure.key === key))
  return [
    ...known,
    ...others.map((key): Measure =>
      key === 'run' ? byRun(runs) : { key, title: key, explanation: '', format: (value: number) => number(value) },
    ),
  ]
}

/** What networks can be filtered by: their number in their run, and every measure; by name where it has names. */
export function fieldsOf(
  values: Readonly<Record<string, Float32Array>>,
  runs: readonly string[] = [],
  numberOf: (index: number) => number = (index) => index,
): Column<number>[] {
  return [
    { key: 'network', title: 'Network', value: numberOf, align: 'right' },
    ...measuresOf(values, null, runs).map((measure): Column<number> => ({
      key: measure.key,
      title: measure.title,
      value: (index) => (measure.names === undefined ? values[measure.key][index] : measure.format(values[measure.key][index])),
      text: (index) => measure.format(values[measure.key][index]),
      align: 'right',
    })),
  ]
}
