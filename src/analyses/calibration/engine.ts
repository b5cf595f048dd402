/** Compares confidence with accuracy, from what each network says of the images, and scales it by a temperature that other images choose. */
import { calibrate, excessOf, type Calibration } from '../../engine/ensemble/calibration.ts'
import { requireNumbers } from '../../engine/ensemble/doubts.ts'
import { MeanProbabilities } from '../../engine/ensemble/mean-probabilities.ts'
import { NetworkScores, properScores, scoresOf } from '../../engine/ensemble/proper-scores.ts'
import { atTemperature, fitTemperature } from '../../engine/ensemble/temperature.ts'
import type { AnalysisTask, RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf, type KnownMembers } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { momentsOf } from '../../shared/statistics/moments.ts'
import type { ProperScores } from '../../shared/statistics/schemas.ts'
import type { CalibrationOptions, CalibrationResult, Reliability } from './definition.ts'

/** Fewer images choose no temperature surely, and try none. */
const fewestChosen = 10

export const run: RunAnalysis<CalibrationOptions, CalibrationResult> = async (task) => {
  const { seed, options } = task.job
  const { bins } = options
  const members = membersOf(task)
  const { networks, images } = members
  const pacer = new Pacer(task.context)
  const whole = new Said(members, bins)
  const scaling = scalingOf(task, members, whole)
  for (let network = 0; network < networks; network++) {
    const probabilities = members.read(network)
    requireNumbers(probabilities, network)
    whole.add(probabilities)
    scaling?.add(network)
    pacer.progress(network + 1, networks)
    await pacer.yieldToEventLoop()
  }
  const all = whole.single.calibrations.error.map(reliabilityOf)
  const scores = await whole.scores(seed, pacer)
  const vote = { ...whole.about, probabilities: whole.mixture.mean() }
  return {
    result: {
      n: networks,
      images,
      split: task.split,
      single: together(all, bins),
      vote: reliabilityOf(calibrate(vote)),
      errors: all.map(({ error }) => error),
      voteOver: { interval: scores.vote.error.interval, excess: momentsOf(excessOf(vote)) },
      scores,
      scaled: (await scaling?.found(scores, pacer)) ?? null,
    },
  }
}

const reliabilityOf = ({ calibration, calibrationError }: Calibration): Reliability => ({ bins: calibration, error: calibrationError })

/** What networks say of some images, each by itself and as a mixture. */
class Said {
  readonly about: { labels: Uint8Array; classes: number; bins: number }
  readonly single: NetworkScores<keyof ProperScores>
  readonly mixture: MeanProbabilities

  constructor({ labels, classes }: KnownMembers, bins: number) {
    this.about = { labels, classes, bins }
    this.single = new NetworkScores(this.about, properScores)
    this.mixture = new MeanProbabilities(labels.length * classes)
  }

  add(probabilities: Float32Array): void {
    this.single.add(probabilities)
    this.mixture.add(probabilities)
  }

  async scores(seed: number, pacer: Pacer): Promise<Scores> {
    return { single: this.single.scores(), vote: await scoresOf(this.mixture.mean(), this.about, properScores, seed, pacer) }
  }
}
type Scores = NonNullable<CalibrationResult['scores']>

/** Scales networks and their mixture: images that choose the temperature are no part of those that it is tried on. Null: they are too few. */
function scalingOf(task: AnalysisTask<CalibrationOptions>, all: KnownMembers, whole: Said) {
  const { job } = task
  const isHalved = task.split === 'validation'
  if (!isHalved && job.validation === undefined) return null
  const on = isHalved
    ? half(all, 0)
    : membersOf({ ...about(task), split: 'validation', probabilities: task.validation, job: { ...job, images: job.validation!.images } })
  const of = isHalved ? half(all, 1) : all
  if (Math.min(on.images, of.images) < fewestChosen) return null
  const { classes } = of
  const before = isHalved ? new Said(of, job.options.bins) : whole
  const after = new NetworkScores(before.about, properScores)
  const choosing = new MeanProbabilities(on.images * classes)
  const temperatures: number[] = []
  return {
    add(network: number): void {
      const said = of.read(network)
      const chooses = on.read(network)
      requireNumbers(chooses, network)
      const temperature = fitTemperature(chooses, on.labels, classes)
      if (isHalved) before.add(said)
      after.add(temperature === null ? said : atTemperature(said, classes, temperature))
      choosing.add(chooses)
      if (temperature !== null) temperatures.push(temperature)
    },
    /** @param scores of all images as they are */
    async found(scores: Scores, pacer: Pacer): Promise<NonNullable<CalibrationResult['scaled']>> {
      const temperature = fitTemperature(choosing.mean(), on.labels, classes)
      const said = before.mixture.mean()
      const scaled = temperature === null ? said : atTemperature(said, classes, temperature)
      const unscaled = isHalved ? await before.scores(job.seed, pacer) : scores
      const binsOf = (probabilities: Float32Array) => calibrate({ ...before.about, probabilities }).calibration
      return {
        isHalved,
        chosenOn: on.images,
        images: of.images,
        single: { temperatures, before: unscaled.single, after: after.scores() },
        vote: { temperature, before: unscaled.vote, after: await scoresOf(scaled, before.about, properScores, job.seed, pacer) },
        bins: { before: binsOf(said), after: binsOf(scaled) },
      }
    },
  }
}

const about = ({ images, data }: AnalysisTask<CalibrationOptions>) => ({ images, data })

/** Every other image, whatever order they lie in. @param first 0 or 1 */
function half({ networks, images, classes, labels, read }: KnownMembers, first: 0 | 1): KnownMembers {
  const isOwn = (image: number): boolean => image % 2 === first
  return {
    networks,
    images: Math.floor((images + 1 - first) / 2),
    classes,
    labels: labels.filter((_, image) => isOwn(image)),
    read: (member) => read(member).filter((_, at) => isOwn(Math.floor(at / classes))),
  }
}

/** All answers in the same bins, and the mean of the errors. An empty bin holds its centre, as those of one network do. */
function together(all: readonly Reliability[], bins: number): Reliability {
  return {
    error: all.reduce((sum, { error }) => sum + error, 0) / all.length,
    bins: Array.from({ length: bins }, (_, place) => {
      const own = all.map((one) => one.bins[place])
      const count = own.reduce((sum, bin) => sum + bin.count, 0)
      const mean = (value: (bin: Reliability['bins'][number]) => number) =>
        own.reduce((sum, bin) => sum + bin.count * value(bin), 0) / count
      if (count === 0) return { confidence: (place + 0.5) / bins, accuracy: 0, count }
      return { confidence: mean(({ confidence }) => confidence), accuracy: mean(({ accuracy }) => accuracy), count }
    }),
  }
}
