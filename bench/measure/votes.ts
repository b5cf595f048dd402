/** What sampled networks are worth together: accuracy and the majority vote. */

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
      const best = largest(probabilities.subarray((n * images + i) * classes, (n * images + i + 1) * classes))
      votes[i * classes + best]++
      if (best === labels[i]) right++
    }
    accuracies.push(right / images)
  }
  let majority = 0
  for (let i = 0; i < images; i++) if (largest(votes.subarray(i * classes, (i + 1) * classes)) === labels[i]) majority++
  return {
    mean: accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / networks,
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    majority: majority / images,
  }
}

/** Index of the first largest value. */
function largest(values: Float32Array | Int32Array): number {
  let best = 0
  for (let c = 1; c < values.length; c++) if (values[c] > values[best]) best = c
  return best
}
