/** Changes images in every way and by every severity, and asks networks about them. */
import { requireNumbers } from '../../engine/ensemble/doubts.ts'
import { CALIBRATION_BINS } from '../../engine/ensemble/calibration.ts'
import { MeanProbabilities } from '../../engine/ensemble/mean-probabilities.ts'
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
import { shift, type ShiftCell, type ShiftResult } from './definition.ts'

export const run: RunAnalysis<object, ShiftResult> = async (task) => {
  const { job, context, images: set, data, split } = task
  const { classes } = data
  const { from, count: images } = splitRange(data.split, split, job.images)
  const labels = set.labels.subarray(from, from + images)
  const pacer = new Pacer(context)
  const ask = await answersOn(task, pacer)
  let asked = 0
  const cellOf = async (one: AskedImages): Promise<ShiftCell> => {
    const cell = new Cell(labels, classes)
    for await (const said of ask([one])) {
      cell.add(said, asked % job.count)
      pacer.progress(++asked, shift.total({}, job.count))
    }
    return cell.told(job.seed, pacer)
  }
  const clean = await cellOf({ set, from, count: images })
  const kinds: ShiftResult['kinds'] = []
  const size = set.height * set.width * set.channels
  const shown: number[] = []
  for (const kind of changeKinds) {
    const cells: ShiftCell[] = []
    // One changed set at a time: all of them together may be forty times the data set.
    for (const severity of severities) {
      const made = changedSet(set, from, images, kind, severity, job.seed)
      shown.push(...made.images.subarray(0, size))
      cells.push(await cellOf({ set: made, from: 0, count: images }))
    }
    kinds.push({ kind, cells })
  }
  return {
    result: { n: job.count, images, split, label: labels[0], clean, kinds },
    arrays: {
      pictures: { shape: [kinds.length, severities.length, set.height, set.width, set.channels], data: Float32Array.from(shown) },
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

const measures = ['loss', 'error'] as const

/** What networks say of images that were changed in one way. */
class Cell {
  readonly #about: { labels: Uint8Array; classes: number; bins: number }
  readonly #scores: NetworkScores<'loss' | 'error'>
  readonly #right: Float64Array
  readonly #tally: VoteTally
  readonly #mixture: MeanProbabilities

  constructor(labels: Uint8Array, classes: number) {
    this.#about = { labels, classes, bins: CALIBRATION_BINS }
    this.#scores = new NetworkScores(this.#about, measures)
    this.#right = new Float64Array(labels.length)
    this.#tally = new VoteTally(labels.length, classes)
    this.#mixture = new MeanProbabilities(labels.length * classes)
  }

  add(probabilities: Float32Array, network: number): void {
    requireNumbers(probabilities, network)
    this.#scores.add(probabilities)
    const { labels, classes } = this.#about
    this.#tally.add(toMember(probabilities, labels.length, classes))
    this.#mixture.add(probabilities)
    predictions(probabilities, classes).forEach((answer, image) => {
      if (answer === labels[image]) this.#right[image]++
    })
  }

  async told(seed: number, pacer: Pacer): Promise<ShiftCell> {
    const { labels } = this.#about
    const images = labels.length
    const share = momentsOf(this.#right.map((networks) => networks / this.#tally.size))
    const { majority, meanProbability } = this.#tally.accuracies(labels)
    const of = (value: number) => ({ value, interval: wilson(value, images) })
    const single = this.#scores.scores()
    const mixture = await scoresOf(this.#mixture.mean(), this.#about, measures, seed, pacer)
    return {
      single: { accuracy: { value: share.mean, interval: shareInterval(share, images) }, loss: single.loss, error: single.error },
      mixture: { accuracy: of(meanProbability), loss: mixture.loss, error: mixture.error },
      majority: of(majority),
    }
  }
}
