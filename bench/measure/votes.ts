/** What sampled networks are worth together: accuracy and the majority vote. */
import { largest } from '../../src/shared/largest.ts'

export interface Score {
  mean: number
  min: number
  max: number
  majority: number
  entropy: number
}

/**
 * Accuracy of each network and of their majority vote (ties go to the lowest class).
 * @param probabilities [networks, images, classes]
 * @param labels [images]
 */
export function scoreVotes(probabilities: Float32Array, labels: Uint8Array, classes: number): Omit<Score, 'entropy'> {
  const images = labels.length
  const networks = probabilities.length / (images * classes)
  const votes = new Int32Array(images * classes)
  const accuracies: number[] = []
  for (let n = 0; n < networks; n++) {
    let right = 0
    for (let i = 0; i < images; i++) {
      const best = largest(probabilities, (n * images + i) * classes, classes)
      votes[i * classes + best]++
      if (best === labels[i]) right++
    }
    accuracies.push(right / images)
  }
  let majority = 0
  for (let i = 0; i < images; i++) if (largest(votes, i * classes, classes) === labels[i]) majority++
  return {
    mean: accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / networks,
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    majority: majority / images,
  }
}
