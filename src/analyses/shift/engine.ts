/** Changes images in every way and by every severity, and asks networks about them. */
import { requireNumbers } from '../../engine/ensemble/doubts.ts'
import { CALIBRATION_BINS } from '../../engine/ensemble/calibration.ts'
import { NetworkScores, scoresOf } from '../../engine/ensemble/proper-scores.ts'
import { toMember, VoteTally } from '../../engine/ensemble/tally.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { answersOn, type AskedImages } from '../../engine/job-runner/answers-on.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'
import { predictions } from '../../shared/scores.ts'
import { splitRange } from '../../shared/split.ts'
import { shareInterval, wilson } from '../../shared/statistics/intervals.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import { changed } from './change.ts'
import { changeKinds, severities, type ChangeKind } from './changes.ts'
import type { ShiftCell, ShiftResult } from './definition.ts'

export const run: RunAnalysis<object, ShiftResult> = async ({ job, context, source, images: set, data, split }) => {
  const { classes } = data
  const range = splitRange(data.split, split)
  const images = Math.min(job.images ?? range.count, range.count)
  const labels = set.labels.subarray(range.from, range.from + images)
  const pacer = new Pacer(context)
  const asked: AskedImages[] = [{ set, from: range.from, count: images }]
  for (const kind of changeKinds) {
    for (const severity of severities) {
      asked.push({ set: changedSet(set, range.from, images, kind, severity, job.seed), from: 0, count: images })
      await pacer.yieldToEventLoop()
    }
  }
  const cells = asked.map(() => new Cell(labels, classes))
  let network = 0
  for await (const said of answersOn({ job, source }, asked, pacer)) {
    for (const [place, probabilities] of said.entries()) cells[place].add(probabilities, network)
    network++
  }
  const told: ShiftCell[] = []
  for (const one of cells) {
    told.push(one.told(job.seed))
    await pacer.yieldToEventLoop()
  }
  return {
    result: {
      n: job.count,
      images,
      split,
      clean: told[0],
      kinds: changeKinds.map((kind, place) => ({
        kind,
        cells: told.slice(1 + place * severities.length, 1 + (place + 1) * severities.length),
      })),
    },
  }
}

/** Images from..from + count of a set, changed; of the same seed the same, whatever else is asked. */
export function changedSet(set: ImageSet, from: number, count: number, kind: ChangeKind, severity: number, seed: number): ImageSet {
  const { height, width, channels } = set
  const size = height * width * channels
  const images = new Uint8ClampedArray(count * size)
  for (let image = 0; image < count; image++) {
    const start = (from + image) * size
    const pixels = Float32Array.from(set.images.subarray(start, start + size), (value) => value / 255)
    const stream = randomStream(seed, 'shift', changeKinds.indexOf(kind) * severities.length + severity, image)
    // Clamped to bytes, and rounded, as images are kept.
    images.set(
      changed({ height, width, channels, pixels }, kind, severity, stream).map((value) => 255 * value),
      image * size,
    )
  }
  return { ...set, images: new Uint8Array(images.buffer), labels: set.labels.slice(from, from + count), count }
}

/** What networks say of images that were changed in one way. */
class Cell {
  readonly #labels: Uint8Array
  readonly #classes: number
  readonly #scores: NetworkScores
  readonly #right: Float64Array
  readonly #tally: VoteTally
  /** Of probabilities as they are: in whole units one that all find tiny would be none, and its loss far too great. */
  readonly #sums: Float64Array

  constructor(labels: Uint8Array, classes: number) {
    this.#labels = labels
    this.#classes = classes
    this.#scores = new NetworkScores({ labels, classes, bins: CALIBRATION_BINS })
    this.#right = new Float64Array(labels.length)
    this.#tally = new VoteTally(labels.length, classes)
    this.#sums = new Float64Array(labels.length * classes)
  }

  add(probabilities: Float32Array, network: number): void {
    requireNumbers(probabilities, network)
    this.#scores.add(probabilities)
    this.#tally.add(toMember(probabilities, this.#labels.length, this.#classes))
    for (let at = 0; at < this.#sums.length; at++) this.#sums[at] += probabilities[at]
    predictions(probabilities, this.#classes).forEach((answer, image) => {
      if (answer === this.#labels[image]) this.#right[image]++
    })
  }

  told(seed: number): ShiftCell {
    const images = this.#labels.length
    const share = momentsOf(this.#right.map((networks) => networks / this.#tally.size))
    const { majority, meanProbability } = this.#tally.accuracies(this.#labels)
    const of = (value: number) => ({ value, interval: wilson(value, images) })
    const single = this.#scores.scores()
    const mean = Float32Array.from(this.#sums, (sum) => sum / this.#tally.size)
    const mixture = scoresOf(mean, { labels: this.#labels, classes: this.#classes, bins: CALIBRATION_BINS }, seed)
    return {
      single: { accuracy: { value: share.mean, interval: shareInterval(share, images) }, loss: single.loss, error: single.error },
      mixture: { accuracy: of(meanProbability), loss: mixture.loss, error: mixture.error },
      majority: of(majority),
    }
  }
}
