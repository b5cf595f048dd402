/** Our own participant in t-SNE and principal components. */
import { readFileSync, writeFileSync } from 'node:fs'
import { tsne } from '../../src/engine/analysis/tsne.ts'
import { principalComponents } from '../../src/engine/analysis/pca.ts'
import { Pacer } from '../../src/engine/job/pacer.ts'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'
import { quietContext, serveLines } from './serve.ts'

interface Embed {
  points: string
  dimension: number
  perplexity: number
  iterations: number
  out: string
}

await serveLines({
  async setup() {
    const { versions } = await loadTensorFlow()
    return { version: `TensorFlow ${versions['tensorflow']} (t-SNE by Barnes-Hut)` }
  },
  async components(request) {
    const { points: path, dimension, components } = request as unknown as { points: string; dimension: number; components: number }
    const points = readFloats(path)
    const start = performance.now()
    const { explained } = await principalComponents(points, points.length / dimension, components, 0, new Pacer(quietContext), true)
    return { ms: [performance.now() - start], explained }
  },
  async embed(request) {
    const { points: path, dimension, perplexity, iterations, out } = request as unknown as Embed
    const points = readFloats(path)
    const start = performance.now()
    const { coordinates, klDivergence } = await tsne({
      points,
      n: points.length / dimension,
      dimension,
      perplexity,
      iterations,
      seed: 0,
      context: quietContext,
    })
    const ms = performance.now() - start
    writeFileSync(out, coordinates)
    return { ms: [ms], kl: klDivergence }
  },
})

function readFloats(path: string): Float32Array {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}
