/** Accuracy against entropy of compared runs: a point for a run by itself, or for repeats over seeds together. */
import type { Comparison } from '../../../shared/contract/runs.ts'
import type { Interval } from '../../../shared/statistics/intervals.ts'
import { statisticsIn } from '../../../shared/statistics/over-seeds.ts'
import { number } from '../../../shared/wording.ts'
import type { Unit } from './units.ts'

type Result = Comparison['results'][number]

interface FrontierPoint {
  ids: readonly string[]
  name: string
  /** What its method says tells it apart: lambda, for instance. */
  fact: Result['facts'][number] | undefined
  colour: number
  x: number
  y: number
  /** Over seeds; null: a run by itself, or seeds that tell none. */
  across: Interval | null
  within: Interval | null
}

/** In order of the fact; those alone of which both numbers are known. */
export function frontierPoints(results: readonly Result[], units: readonly Unit[]): FrontierPoint[] {
  const points = units.flatMap((unit, place): FrontierPoint[] => {
    const found = results.find(({ run }) => unit.ids.includes(run))
    const at = numbersOf(unit, found)
    if (found === undefined || at === null) return []
    const [fact] = found.facts as (Result['facts'][number] | undefined)[]
    return [{ ids: unit.ids, name: unit.name, fact, colour: (place % 8) + 1, ...at }]
  })
  const inWords = points.map(({ name, fact }) => (fact === undefined ? name : `${fact.symbol ?? fact.label} ${number(fact.value)}`))
  return points
    .map((point, at) => (inWords.indexOf(inWords[at]) === inWords.lastIndexOf(inWords[at]) ? { ...point, name: inWords[at] } : point))
    .toSorted((a, b) => (a.fact?.value ?? 0) - (b.fact?.value ?? 0))
}

function numbersOf({ repeats }: Unit, found: Result | undefined): Pick<FrontierPoint, 'x' | 'y' | 'across' | 'within'> | null {
  if (repeats === null)
    return found === undefined || found.entropy === null || found.mean === null
      ? null
      : { x: found.entropy, y: found.mean, across: null, within: null }
  const [along, up] = ['Entropy', 'Mean network'].map((label) => statisticsIn(repeats, label))
  return along === undefined || up === undefined ? null : { x: along.mean, y: up.mean, across: along.interval, within: up.interval }
}
