/** The same filter of several networks, and of those on the way between the first two along z. */
import { lengthOf, straight } from '../../engine/analysis/lines.ts'
import { inGauge } from '../../engine/gauge/fix-weights.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { Pacer } from '../../engine/job/pacer.ts'
import { blocksOf, indicesOf } from '../../engine/methods/network-source.ts'
import { randomStream } from '../../engine/random/stream.ts'
import { filterOf, filterShape } from '../../shared/filter-shape.ts'
import type { NamedArrays } from '../analysis.ts'
import { layersShown, networksKey, wayKey, type FiltersOptions, type FiltersResult } from './definition.ts'

export const run: RunAnalysis<FiltersOptions, FiltersResult> = async ({ job, context, source }) => {
  const { options, seed } = job
  const { points } = options
  const pacer = new Pacer(context)
  const networks = await source()
  const { target, latentSpace } = networks
  const indices = indicesOf(job)
  const asked = layersShown(target, options).map((place) => {
    const layer = target.weighted[place]
    const shape = filterShape(layer)
    const drawn = randomStream(seed, 'seen-filters', 0, place)
    const [filter, channel] = [drawn.integer(layer.filters), drawn.integer(shape.channels)]
    return { layer, shape, number: place + 1, filter: options.filter ?? filter, channel: options.channel ?? channel }
  })
  const total = indices.length + (latentSpace === undefined ? 0 : points)

  /** Filters of blocks of networks, by layer, [networks, height * width] each. */
  const collect = async (count: number, blocks: Iterable<{ first: number; count: number; weights: Float32Array }>, before: number) => {
    const found = asked.map(({ shape }) => new Float32Array(count * shape.height * shape.width))
    for (const block of blocks) {
      const fixed = inGauge(networks, block.weights, block.count)
      for (let at = 0; at < block.count; at++) {
        const own = fixed.subarray(at * target.weightCount, (at + 1) * target.weightCount)
        for (const [i, { layer, shape, filter, channel }] of asked.entries()) {
          found[i].set(filterOf(layer, shape, own, filter, channel), (block.first + at) * shape.height * shape.width)
        }
      }
      pacer.progress(before + block.first + block.count, total)
      await pacer.yieldToEventLoop()
    }
    return found
  }
  const own = await collect(indices.length, blocksOf(networks, job), 0)
  const way = latentSpace && (await collect(points, [alongLatent()], indices.length))

  function alongLatent() {
    const line = straight(latentSpace!.of(seed, indices[0]), latentSpace!.of(seed, indices[1]), points)
    return { first: 0, count: points, weights: latentSpace!.generate(line) }
  }

  const arrays: NamedArrays = {}
  const layers = asked.map(({ layer, shape, number, filter, channel }, i): FiltersResult['layers'][number] => {
    const { height, width } = shape
    arrays[networksKey({ layer: number })] = { shape: [indices.length, height, width], data: own[i] }
    if (way !== undefined) arrays[wayKey({ layer: number })] = { shape: [points, height, width], data: way[i] }
    const length = way === undefined ? NaN : lengthOf(way[i], points)
    return {
      ...{ layer: number, words: layer.definition.words(layer.layer, []), filter, channel, ...shape },
      largest: Math.max(largest(own[i]), largest(way?.[i] ?? new Float32Array(0))),
      varies: variance(own[i], indices.length),
      length: Number.isFinite(length) ? length : null,
    }
  })
  return { result: { networks: [...indices], points, latent: latentSpace !== undefined, layers }, arrays }
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

/** Mean variance of columns over rows (unbiased), as a share of the mean square. @param values [rows, columns] */
function variance(values: Float32Array, rows: number): number {
  const columns = values.length / rows
  let [variances, squares] = [0, 0]
  for (let column = 0; column < columns; column++) {
    let [sum, square] = [0, 0]
    for (let row = 0; row < rows; row++) {
      const value = values[row * columns + column]
      sum += value
      square += value * value
    }
    variances += Math.max(0, square - (sum * sum) / rows) / (rows - 1)
    squares += square / rows
  }
  return squares === 0 ? 0 : Math.min(1, variances / squares)
}
