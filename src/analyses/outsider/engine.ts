/** Asks networks about their own images and about those of an outsider, and tries whether doubt tells them apart. */
import { MixtureDoubts } from '../../engine/ensemble/doubts.ts'
import { redrawnDifference, redrawnInterval, redraws } from '../../engine/ensemble/redraws.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { answersOn } from '../../engine/job-runner/answers-on.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { splitRange } from '../../shared/split.ts'
import { detection, rank, type Detection } from '../../shared/statistics/ranking.ts'
import { doubtKinds, fewestRanked, perDoubt, type DoubtKind } from '../doubts.ts'
import {
  measures,
  singleKinds,
  type DoubtCounts,
  type Measure,
  type OutsiderOptions,
  type OutsiderResult,
  type OutsiderWorth,
} from './definition.ts'

/** Of a histogram. */
const BINS = 40

type Single = (typeof singleKinds)[number]

export const run: RunAnalysis<OutsiderOptions, OutsiderResult> = async (task) => {
  const { job, data, split } = task
  const other = job.outside!
  const [own, outside] = [splitRange(data.split, split, job.images), splitRange(other.split, split, job.images)]
  const [images, outsiders] = [own.count, outside.count]
  const pacer = new Pacer(task.context)
  const both = images + outsiders
  const isOutside = Uint8Array.from({ length: both }, (_, image) => Number(image >= images))
  const mixture = new MixtureDoubts(job.count, both, data.classes)
  const most: Record<DoubtKind, number> = { confidence: 1 - 1 / data.classes, entropy: Math.log(data.classes), information: 0 }
  const fewest = Math.min(images, outsiders)

  /** What a kind of doubt tells, and each time that images are drawn anew. */
  async function tried(doubts: Float64Array): Promise<{ value: Detection; drawn: Detection[] }> {
    const ranking = rank(doubts)
    const drawn: Detection[] = []
    if (fewest >= fewestRanked) {
      for (const times of redraws(job.seed, [images, outsiders])) {
        drawn.push(detection(ranking, isOutside, (image) => times[image]))
        await pacer.yieldToEventLoop()
      }
    }
    return { value: detection(ranking, isOutside), drawn }
  }

  const sums: Record<Single, Sum> = { confidence: new Sum(), entropy: new Sum() }
  const singleDoubts: Record<Single, DoubtCounts> = { confidence: noCounts(), entropy: noCounts() }
  const asked = [
    { set: task.images, ...own },
    { set: task.outside, ...outside },
  ]
  const ask = await answersOn(task, pacer)
  let network = 0
  for await (const said of ask(asked)) {
    const doubts = mixture.add(said)
    for (const kind of singleKinds) {
      sums[kind].add(await tried(doubts[kind]))
      countInto(singleDoubts[kind], doubts[kind], images, most[kind])
    }
    pacer.progress(++network, job.count)
  }
  const { doubts } = mixture.all()
  // Where networks never disagree there is still a histogram.
  most.information = doubts.information.reduce((greatest, one) => Math.max(greatest, one), 1e-6)
  const of = { confidence: new Sum(), entropy: new Sum(), information: new Sum() }
  const mixtureDoubts = perDoubt(noCounts)
  for (const kind of doubtKinds) {
    of[kind].add(await tried(doubts[kind]))
    countInto(mixtureDoubts[kind], doubts[kind], images, most[kind])
  }
  const gainOf = (kind: Single): OutsiderResult['gain'][Single] => {
    const [mixed, single] = [of[kind].mean('roc'), sums[kind].mean('roc')]
    return {
      value: mixed.value - single.value,
      interval: redrawnDifference(
        mixed.value - single.value,
        mixed.drawn.map((one, i) => one - single.drawn[i]),
        fewest,
      ),
    }
  }
  return {
    result: {
      n: job.count,
      images,
      split,
      outside: { name: other.name, images: outsiders },
      single: { confidence: sums.confidence.worth(fewest), entropy: sums.entropy.worth(fewest) },
      mixture: perDoubt((kind) => of[kind].worth(fewest)),
      gain: { confidence: gainOf('confidence'), entropy: gainOf('entropy') },
      most,
      singleDoubts,
      mixtureDoubts,
    },
  }
}

/** Means over networks, of what is found and of what is found each time that images are drawn anew. */
class Sum {
  #networks = 0
  readonly #all: Detection[] = []

  add({ value, drawn }: { value: Detection; drawn: readonly Detection[] }): void {
    this.#networks++
    for (const [i, one] of [value, ...drawn].entries()) {
      const sum = (this.#all[i] ??= { roc: 0, outside: 0, own: 0, missed: 0 })
      for (const measure of measures) sum[measure] += one[measure]
    }
  }

  mean(measure: Measure): { value: number; drawn: number[] } {
    const [value, ...drawn] = this.#all.map((one) => one[measure] / this.#networks)
    return { value, drawn }
  }

  /** @param fewest images of the sort of which there are fewer */
  worth(fewest: number): OutsiderWorth {
    const of = (measure: Measure) => {
      const { value, drawn } = this.mean(measure)
      return { value, interval: redrawnInterval(value, drawn, fewest) }
    }
    return { roc: of('roc'), outside: of('outside'), own: of('own'), missed: of('missed') }
  }
}

const noCounts = (): DoubtCounts => ({ own: new Array<number>(BINS).fill(0), outside: new Array<number>(BINS).fill(0) })

/** @param images that are its own: the first ones */
function countInto(counts: DoubtCounts, doubts: Float64Array, images: number, most: number): void {
  for (const [image, doubt] of doubts.entries()) {
    const of = image < images ? counts.own : counts.outside
    of[Math.min(BINS - 1, Math.max(0, Math.floor((doubt / most) * BINS)))]++
  }
}
