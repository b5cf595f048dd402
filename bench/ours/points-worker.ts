/** Our own participant in t-SNE. */
import { readFileSync, writeFileSync } from 'node:fs'
import { tsne } from '../../src/engine/analysis/tsne.ts'
import type { JobContext } from '../../src/engine/job/context.ts'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'
import { serveLines } from './serve.ts'

const context: JobContext = {
  emit: () => undefined,
  yieldToEventLoop: () => Promise.resolve(),
  pausing: false,
  now: () => performance.now(),
}

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
    return { version: `TensorFlow ${versions['tensorflow']} for neighbours, Barnes-Hut` }
  },
  async embed(request) {
    const { points: path, dimension, perplexity, iterations, out } = request as unknown as Embed
    const bytes = readFileSync(path)
    const points = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    const start = performance.now()
    const { coordinates, klDivergence } = await tsne({
      points,
      n: points.length / dimension,
      dimension,
      perplexity,
      iterations,
      seed: 0,
      context,
    })
    const ms = performance.now() - start
    writeFileSync(out, coordinates)
    return { ms: [ms], kl: klDivergence }
  },
})
