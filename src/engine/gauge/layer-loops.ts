/** The loops over every weight of a layer that the gauge takes. */

/**
 * The loops of one layer. They work on one network at a time, the one last loaded, and nothing else may use
 * the process's workbench meanwhile.
 */
export interface LayerLoops {
  /**
   * Takes a network's raw weights.
   * @param rows [filters, rows], the bias last, where there is one
   * @param push what weights are to be multiplied by, [channels]; null for 1
   */
  load(rows: Float32Array, push: Float64Array | null): void
  /** Sum of squares of each filter's weights but the bias, push included: [filters]. */
  squares(): ArrayLike<number>
  /**
   * Writes the kernel, [fanIn, filters]: weight times push times the filter's factor.
   * @param factors [filters]
   */
  writeKernel(factors: Float64Array, kernel: Float32Array): void
  /**
   * For each filter the sum of gradient times weight times push: [filters].
   * @param given the kernel's gradient, [fanIn, filters]
   */
  along(upstream: Float32Array): ArrayLike<number>
  /**
   * With u = gradient * factor + weight * push * radial, where the gradient is the one that {@link along} was
   * given: writes u * push, and returns the sum of u * weight over each channel.
   * @param factors and radial [filters]
   * @param result [filters, rows], what it has for biases is left to the caller
   * @returns [channels]
   */
  pullBack(factors: Float64Array, radial: Float64Array, result: Float32Array): ArrayLike<number>
}
