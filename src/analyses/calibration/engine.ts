/** Compares confidence with accuracy, from what each network says of the images. */
import { calibrate, calibrationOverImages } from '../../engine/ensemble/calibration.ts'
import { toMember, VoteTally } from '../../engine/ensemble/tally.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { membersOf } from '../../engine/job-runner/members-of.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import type { CalibrationResult, Reliability } from './definition.ts'

export const run: RunAnalysis<{ bins: number }, CalibrationResult> = async (task) => {
  const { bins } = task.job.options
  const members = membersOf(task)
  const { networks, images, classes, labels } = members
  const pacer = new Pacer(task.context)
  const reliabilityOf = (probabilities: Float32Array): Reliability => {
    const { calibration, calibrationError } = calibrate(probabilities, labels, images, classes, bins)
    return { bins: calibration, error: calibrationError }
  }
  const all: Reliability[] = []
  const tally = new VoteTally(images, classes)
  for (let network = 0; network < networks; network++) {
    const probabilities = members.read(network)
    all.push(reliabilityOf(probabilities))
    tally.add(toMember(probabilities, images, classes))
    pacer.progress(network + 1, networks)
    await pacer.yieldToEventLoop()
  }
  const probabilities = tally.meanProbabilities()
  const vote = reliabilityOf(probabilities)
  const voteOver = calibrationOverImages(probabilities, labels, images, classes, task.job.seed, bins)
  const errors = all.map(({ error }) => error)
  return { result: { n: networks, images, split: task.split, single: together(all, bins), vote, errors, voteOver } }
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
