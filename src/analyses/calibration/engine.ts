/** Compares confidence with accuracy, from what each network says of the images, and scales it by a temperature that other images choose. */
import { calibrate, calibrationOverImages } from '../../engine/ensemble/calibration.ts'
import { requireNumbers } from '../../engine/ensemble/doubts.ts'
import { NetworkScores, scoresOf } from '../../engine/ensemble/proper-scores.ts'
import { toMember, VoteTally } from '../../engine/ensemble/tally.ts'
import { atTemperature, fitTemperature } from '../../engine/ensemble/temperature.ts'
import type { AnalysisTask, RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf, type KnownMembers } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { fewestRanked } from '../doubts.ts'
import type { CalibrationOptions, CalibrationResult, Reliability } from './definition.ts'

export const run: RunAnalysis<CalibrationOptions, CalibrationResult> = async (task) => {
  const { bins } = task.job.options
  const members = membersOf(task)
  const { networks, images, classes, labels } = members
  const pacer = new Pacer(task.context)
  const reliabilityOf = (probabilities: Float32Array, of = labels): Reliability => {
    const { calibration, calibrationError } = calibrate(probabilities, of, of.length, classes, bins)
    return { bins: calibration, error: calibrationError }
  }
  const all: Reliability[] = []
  const tally = new VoteTally(images, classes)
  const single = new NetworkScores({ labels, classes, bins })
  const scaling = scalingOf(task, members)
  for (let network = 0; network < networks; network++) {
    const probabilities = members.read(network)
    requireNumbers(probabilities, network)
    all.push(reliabilityOf(probabilities))
    single.add(probabilities)
    scaling?.add(network)
    tally.add(toMember(probabilities, images, classes))
    pacer.progress(network + 1, networks)
    await pacer.yieldToEventLoop()
  }
  const probabilities = tally.meanProbabilities()
  const { seed } = task.job
  return {
    result: {
      n: networks,
      images,
      split: task.split,
      single: together(all, bins),
      vote: reliabilityOf(probabilities),
      errors: all.map(({ error }) => error),
      voteOver: calibrationOverImages(probabilities, labels, images, classes, seed, bins),
      scores: { single: single.scores(), vote: scoresOf(meanOfMembers(members), { labels, classes, bins }, seed) },
      scaled: scaling?.found(reliabilityOf) ?? null,
    },
  }
}

/** Scales networks and their mixture: images that choose the temperature are no part of those that it is tried on. Null: they are too few. */
function scalingOf(task: AnalysisTask<CalibrationOptions>, all: KnownMembers) {
  const { job } = task
  const isHalved = task.split === 'validation'
  if (!isHalved && job.validation === undefined) return null
  const on = isHalved
    ? half(all, 0)
    : membersOf({ ...about(task), split: 'validation', probabilities: task.validation, job: { ...job, images: job.validation!.images } })
  const of = isHalved ? half(all, 1) : all
  if (Math.min(on.images, of.images) < fewestRanked) return null
  const { classes, labels } = of
  const { bins } = job.options
  const temperatures: number[] = []
  const [before, after] = [new NetworkScores({ labels, classes, bins }), new NetworkScores({ labels, classes, bins })]
  return {
    add(network: number): void {
      const said = of.read(network)
      const chooses = on.read(network)
      requireNumbers(chooses, network)
      const temperature = fitTemperature(chooses, on.labels, classes)
      before.add(said)
      after.add(temperature === null ? said : atTemperature(said, classes, temperature))
      if (temperature !== null) temperatures.push(temperature)
    },
    found(reliabilityOf: (probabilities: Float32Array, labels: Uint8Array) => Reliability): NonNullable<CalibrationResult['scaled']> {
      const temperature = fitTemperature(meanOfMembers(on), on.labels, classes)
      const said = meanOfMembers(of)
      const scaled = temperature === null ? said : atTemperature(said, classes, temperature)
      const scores = (probabilities: Float32Array) => scoresOf(probabilities, { labels, classes, bins }, job.seed)
      return {
        isHalved,
        chosenOn: on.images,
        images: of.images,
        single: { temperatures, before: before.scores(), after: after.scores() },
        vote: { temperature, before: scores(said), after: scores(scaled) },
        bins: { before: reliabilityOf(said, labels).bins, after: reliabilityOf(scaled, labels).bins },
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

/** Mean probabilities, [images, classes], as they are: in whole units a probability that all find tiny would be none, and its loss far too great. */
function meanOfMembers({ networks, images, classes, read }: KnownMembers): Float32Array {
  const sums = new Float64Array(images * classes)
  for (let member = 0; member < networks; member++) read(member).forEach((one, at) => (sums[at] += one))
  return Float32Array.from(sums, (sum) => sum / networks)
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
