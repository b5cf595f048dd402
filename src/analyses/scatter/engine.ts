/** Principal components of whole networks, of their layers, and of a filter of each layer. */
import { principalComponents } from '../../engine/analysis/pca.ts'
import { inGauge } from '../../engine/gauge/fix-weights.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { randomStream } from '../../engine/random/stream.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import type { NamedArrays } from '../analysis.ts'
import { asScores, type ScatterOptions, type ScatterPart, type ScatterResult } from './definition.ts'

export const run: RunAnalysis<ScatterOptions, ScatterResult> = async ({ job, context, source }) => {
  const { count, seed } = job
  const { filters } = job.options
  // So many networks vary in one direction fewer.
  const components = Math.min(job.options.components, count - 1)
  const pacer = new Pacer(context)
  const networks = await source()
  const { target } = networks
  const all = new Float32Array(count * target.weightCount)
  for (const block of networks.networks(seed, 0, count)) {
    all.set(inGauge(networks, block.weights, block.count), block.first * target.weightCount)
    pacer.progress(Math.min(block.first + block.count, count - 1), count, 'sampling networks')
    await pacer.yieldToEventLoop()
  }
  const wanted = partsOf(
    target,
    filters ?? target.weighted.map((layer, i) => randomStream(seed, 'scatter-filters', 0, i).integer(layer.filters)),
  )
  const found: { part: ScatterPart; scores: Float32Array }[] = []
  for (const { name, words, indices } of wanted) {
    pacer.progress(count - 1, count, `components of ${name}`)
    // What is given is centred in place: all of them, of which there is no copy, come last.
    const weights = indices === null ? all : pick(all, count, indices)
    const { scores, explained } = await principalComponents(weights, count, components, seed, pacer, true)
    found.push({ part: { name, words, weights: weights.length / count, explained }, scores })
  }
  found.unshift(...found.splice(-1))
  pacer.progress(count, count)
  return {
    result: { n: count, seconds: pacer.seconds, parts: found.map(({ part }) => part) },
    arrays: Object.assign({}, ...found.map(({ part, scores }) => asScores(part, scores))) as NamedArrays,
  }
}

/** Each layer with its biases, of each one filter with its bias, then the whole network. @returns which weights; null: all */
function partsOf({ weighted }: TargetLayout, filters: readonly number[]): { name: string; words: string; indices: number[] | null }[] {
  const range = (from: number, length: number, step = 1): number[] => Array.from({ length }, (_, i) => from + i * step)
  return [
    ...weighted.map(({ definition, layer, kernelOffset, rows, filters: width }, i) => ({
      name: `layer ${i + 1}`,
      words: definition.words(layer, []),
      indices: range(kernelOffset, rows * width),
    })),
    ...weighted.map(({ kernelOffset, rows, filters: width }, i) => ({
      name: `filter ${filters[i]} of layer ${i + 1}`,
      words: '',
      indices: range(kernelOffset + filters[i], rows, width),
    })),
    { name: 'the whole network', words: '', indices: null },
  ]
}

/** Some of the weights of each network, [networks, indices]. */
function pick(weights: Float32Array, networks: number, indices: readonly number[]): Float32Array {
  const size = weights.length / networks
  const picked = new Float32Array(networks * indices.length)
  for (let n = 0; n < networks; n++) for (const [i, index] of indices.entries()) picked[n * indices.length + i] = weights[n * size + index]
  return picked
}
