/** The mean single network beside the vote of all by mean probability, image by image, so that both can be compared as pairs. */
import type { BesideVote } from '../../analyses/ensemble/single-and-vote.ts'
import { largest } from '../../shared/largest.ts'
import { accuracyOf, lossOf, predictions } from '../../shared/scores.ts'
import { meanOf, momentsOf } from '../../shared/statistics/moments.ts'
import type { Pacer } from '../job/pacer.ts'
import { calibrate } from './calibration.ts'
import type { EnsembleOptions } from './curve.ts'
import { MeanProbabilities } from './mean-probabilities.ts'
import type { ProbabilityReader } from './members.ts'

type Asked = Pick<EnsembleOptions, 'networks' | 'images' | 'classes' | 'labels'> & { read: ProbabilityReader }

/** Of each image, or its mean over networks: right (1) or wrong (0), loss in nats, confidence less right; [images] each. */
const measures = ['accuracy', 'loss', 'excess'] as const
type OfImages = Record<(typeof measures)[number], Float64Array>

export async function besideVote({ read, networks, images, classes, labels }: Asked, pacer: Pacer): Promise<BesideVote> {
  const nothing = (): OfImages => ({ accuracy: new Float64Array(images), loss: new Float64Array(images), excess: new Float64Array(images) })
  const [single, vote] = [nothing(), nothing()]
  const mean = new MeanProbabilities(images * classes)
  const add = (to: OfImages, probabilities: ArrayLike<number>, weight: number): void => {
    for (let image = 0; image < images; image++) {
      const answer = largest(probabilities, image * classes, classes)
      const right = Number(answer === labels[image])
      to.accuracy[image] += weight * right
      to.loss[image] += weight * lossOf(probabilities[image * classes + labels[image]])
      to.excess[image] += weight * (probabilities[image * classes + answer] - right)
    }
  }
  const [errors, accuracies]: [number[], number[]] = [[], []]
  for (let network = 0; network < networks; network++) {
    const probabilities = await read(network)
    add(single, probabilities, 1 / networks)
    errors.push(calibrate({ probabilities, labels, classes }).calibrationError)
    accuracies.push(accuracyOf(predictions(probabilities, classes), labels))
    mean.add(probabilities)
    await pacer.yieldToEventLoop()
  }
  add(vote, mean.mean(), 1)
  // Added up as the curve adds them: the same figure is told of both.
  const alone = meanOf(accuracies.sort((a, b) => a - b))
  const of = (measure: keyof OfImages) => ({
    single: momentsOf(single[measure]),
    vote: momentsOf(vote[measure]),
    gain: momentsOf(vote[measure].map((value, image) => value - single[measure][image])),
  })
  const accuracy = of('accuracy')
  return { accuracy: { ...accuracy, single: { ...accuracy.single, mean: alone } }, loss: of('loss'), excess: of('excess'), errors }
}
