/** The Laplace approximation at work. */
import { arrayEngine, refuseDiverged } from '../../engine/training/array-engine.ts'
import { DrawnNetworks } from '../../engine/methods/drawn-networks.ts'
import { descend, initialNetworks, networkGradients } from '../../engine/training/network-training.ts'
import type { DocumentOf } from '../../engine/methods/method-engine.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { layOut } from '../../engine/target-network/layout.ts'
import { fitStart, laplace, type LaplaceSpec } from './definition.ts'
import { addCurvature, curvatureSizes, lastLayerOf, readLastLayer } from './last-layer.ts'
import { drawLayer } from './posterior.ts'

const sums = ['curvature.inputs', 'curvature.outputs', 'curvature.images'] as const

/** Images whose curvature is summed in one go: a few steps may have all of them to sum, and messages are let in between. */
const BLOCK = 1000

export const engine = arrayEngine((document: DocumentOf<LaplaceSpec>) => {
  const { method, training, data } = document
  const start = fitStart(method, training.steps)
  const layout = layOut(document.target)
  const last = lastLayerOf(layout)
  const images = data.split.train
  /** Training images that are summed before a step. */
  const summedBefore = (step: number): number => Math.floor((images * (step - start)) / (training.steps - start))
  return {
    sizes: { weights: layout.weightCount, ...curvatureSizes(layout) },
    begin: ({ weights }) => weights.set(initialNetworks(layout, document.seed, 1)),
    async advance(step, arrays, farm) {
      const { weights } = arrays
      const { gradient, measured } = await networkGradients(laplace, step, weights, 1, farm)
      if (step < start) {
        descend(document, step, weights, gradient)
        // Of a fork that trains on: what was summed is of other weights.
        if (arrays['curvature.images'][0] > 0) for (const name of sums) arrays[name].fill(0)
      } else {
        const to = summedBefore(step + 1)
        const summed = structuredClone(arrays)
        for (let from = summedBefore(step); from < to; from += BLOCK) {
          const read = await readLastLayer(layout, weights, farm, from, Math.min(BLOCK, to - from))
          refuseDiverged(laplace, step, measured.crossEntropy, read.inputs)
          addCurvature(summed, last, read)
        }
        for (const name of sums) arrays[name].set(summed[name])
      }
      return measured
    },
    source(_step, arrays) {
      let draw: ReturnType<typeof drawLayer> | undefined
      return new DrawnNetworks(layout, (seed, index, into) => {
        into.set(arrays.weights)
        if (arrays['curvature.images'][0] === 0) return
        draw ??= drawLayer(arrays, images, method.priorPrecision)
        draw(randomStream(seed, 'sampling-noise', 0, index), into.subarray(last.offset))
      })
    },
  }
})
