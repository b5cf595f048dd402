/** The mean of what networks say, as it is: in the tally's units a probability that all find tiny would be none, and its loss far too great. */
export class MeanProbabilities {
  readonly #sums: Float64Array
  #networks = 0

  /** @param size images * classes */
  constructor(size: number) {
    this.#sums = new Float64Array(size)
  }

  /** @param probabilities [images, classes] */
  add(probabilities: Float32Array): void {
    for (let at = 0; at < this.#sums.length; at++) this.#sums[at] += probabilities[at]
    this.#networks++
  }

  /** [images, classes] */
  mean(): Float32Array {
    return Float32Array.from(this.#sums, (sum) => sum / this.#networks)
  }
}
