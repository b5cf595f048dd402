/**
 * The target farm: one interface over the processes (or the one process, or the GPU) that run target
 * networks. A result depends only on each network's own weights and images, never on which process
 * ran it; so it is the same bits however the networks are spread.
 */
import type { Graph } from '../native/graph.ts'
import type { Recorder } from '../native/recorder.ts'
import type { PassMakers } from '../target-network/layer-passes.ts'
import type { LossAndGradient } from '../target-network/program.ts'

/** A device that all networks run on at once, so that a whole step can stay there. */
export interface Device {
  readonly makers: PassMakers
  graph(record: (recorder: Recorder) => void): Graph
  /** The images that networks see at a step, one network's behind the other's: [networks * batch, height, width, channels]. */
  batch(step: number, networks: number): { images: Uint8Array; labels: Int32Array }
}

export interface Farm {
  /** Processes at work, this one included. */
  readonly processes: number
  /** Where networks run all at once. */
  readonly device?: Device
  /**
   * Loss and gradient of n networks at a training step. Every process draws the images of network i
   * itself, from (document seed, step, i); see engine/random/batches.ts.
   * @param weights [n, weights]
   * @param meanwhile work of this process that needs no results: run while the others are at it
   */
  lossAndGradient(step: number, weights: Float32Array, n: number, meanwhile?: () => void): Promise<LossAndGradient>
  /**
   * Probabilities of n networks on images `from` to `from + count` of the data set.
   * @returns [n, count, classes]
   */
  probabilities(weights: Float32Array, n: number, from: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Networks that one process runs on the same images in one go: many enough to lay the images out for
 * the library once for several, few enough to let messages in several times a second.
 * @param images that each runs on, those of a reference batch included
 */
export function networksAtOnce(images: number): number {
  return Math.max(1, Math.floor(4000 / Math.max(1, images)))
}
