/**
 * The farm of one process that runs all networks it is handed at once, as a graph on whatever device TensorFlow has: a GPU, or the
 * processor, on which it is held against the other farm.
 */
import { LabError } from '../../shared/errors.ts'
import { referenceIndices } from '../../shared/reference-batch.ts'
import { hasStatistics, imageCosts } from '../../shared/target-layout.ts'
import { joined } from '../native/batch-ops.ts'
import { dataType } from '../native/attributes.ts'
import { Graph, type LoadModel } from '../native/graph.ts'
import type { Recorder } from '../native/recorder.ts'
import type { PassMakers } from '../target-network/layer-passes.ts'
import { byLayer, inOneRow, recordLoss, recordNetworks } from '../target-network/record-networks.ts'
import { checkImages, checkWeights } from './check.ts'
import type { Device, Farm } from './farm.ts'
import { ImageBatches } from './image-batches.ts'
import type { LocalWorkerOptions } from './local-worker.ts'

export interface DeviceFarmOptions extends LocalWorkerOptions {
  makers: PassMakers
  loadModel: LoadModel
  yieldToEventLoop: () => Promise<void>
}

/** Numbers of an evaluation's widest place at once, over all networks and images. */
const widestAtOnce = 64 << 20
/** Graphs kept for calls to come. */
const graphsKept = 4

export function createDeviceFarm(options: DeviceFarmOptions): Farm {
  const { layout, images, imageBatch, makers, loadModel, yieldToEventLoop } = options
  const { height, width, channels } = layout.target.input
  const pixels = height * width * channels
  const batches = new ImageBatches(options)
  const graphs = new Map<string, Graph>()
  let imagesAtOnce = Math.max(1, Math.floor(widestAtOnce / imageCosts(layout).widest))

  const device: Device = {
    makers,
    graph: (record) => new Graph(record, loadModel),
    batch(step, networks) {
      const each = Array.from({ length: networks }, (_, i) => batches.of(step, i))
      const all = { images: new Uint8Array(networks * imageBatch * pixels), labels: new Int32Array(networks * imageBatch) }
      for (const [i, { rows, labels }] of each.entries()) {
        all.images.set(rows, i * imageBatch * pixels)
        all.labels.set(labels, i * imageBatch)
      }
      return all
    },
  }

  /** Of so many networks with a purpose: recorded when first wanted. */
  function graphOf(purpose: string, networks: number, record: (recorder: Recorder, weights: ReturnType<typeof byLayer>) => void): Graph {
    const key = `${purpose} ${networks}`
    let graph = graphs.get(key)
    if (graph === undefined) {
      for (const [old, one] of [...graphs].slice(0, Math.max(0, graphs.size + 1 - graphsKept))) {
        one.close()
        graphs.delete(old)
      }
      graph = device.graph((recorder) =>
        record(recorder, byLayer(recorder.native, layout, recorder.feed('weights', [networks, layout.weightCount]))),
      )
      graphs.set(key, graph)
    }
    return graph
  }

  /** Of networks on the reference batch, [n, statistics]. */
  function statisticsOf(weights: Float32Array, n: number): Float32Array {
    const indices = referenceIndices(layout.target, options.trainCount)
    const { rows } = options.program.prepare(images, indices)
    const each = layout.completeCount - layout.weightCount
    const result = new Float32Array(n * each)
    const most = Math.max(1, Math.floor(imagesAtOnce / indices.length))
    for (let from = 0; from < n; from += most) {
      const networks = Math.min(most, n - from)
      const graph = graphOf('statistics', networks, (recorder, own) => {
        const { native } = recorder
        const seen = recorder.feed('images', [indices.length, height, width, channels], dataType.uint8)
        const sizes = { networks, batch: indices.length, share: true }
        const taken = recordNetworks(native, layout, makers, own, seen, sizes, 'reference').statistics
        recorder.output('statistics', joined(native, 1, ...taken))
      })
      const own = weights.subarray(from * layout.weightCount, (from + networks) * layout.weightCount)
      result.set(graph.run({ weights: own, images: rows }, 'statistics')[0], from * each)
    }
    return result
  }

  return {
    processes: 1,
    device,

    async lossAndGradient(step, weights, n, meanwhile) {
      checkWeights(weights, n, layout.weightCount)
      const graph = graphOf('gradient', n, (recorder, own) => {
        const { native } = recorder
        const seen = recorder.feed('images', [n * imageBatch, height, width, channels], dataType.uint8)
        const run = recordNetworks(native, layout, makers, own, seen, { networks: n, batch: imageBatch, share: false })
        const { loss, accuracy, gradient } = recordLoss(
          native,
          run.logits,
          recorder.feed('labels', [n * imageBatch], dataType.int32),
          n,
          imageBatch,
        )
        recorder.output('loss', loss)
        recorder.output('accuracy', accuracy)
        recorder.output('gradient', inOneRow(native, layout, run.backward(gradient)))
      })
      const [loss, accuracy, gradient] = graph.run({ weights, ...device.batch(step, n) }, 'loss', 'accuracy', 'gradient')
      meanwhile?.()
      await yieldToEventLoop()
      return { loss, accuracy, gradient }
    },

    async probabilities(weights, n, from, count) {
      checkWeights(weights, n, layout.weightCount)
      checkImages(from, count, images.count)
      const statistics = hasStatistics(layout) ? { statistics: statisticsOf(weights, n) } : {}
      const graph = graphOf('probabilities', n, (recorder, own) => {
        const { native } = recorder
        const seen = recorder.feed('images', [-1, height, width, channels], dataType.uint8)
        const given = hasStatistics(layout) ? recorder.feed('statistics', [n, layout.completeCount - layout.weightCount]) : 'batch'
        const { logits } = recordNetworks(native, layout, makers, own, seen, { networks: n, batch: -1, share: true }, given)
        recorder.output('probabilities', native.run('Softmax', [], logits))
      })
      const result = new Float32Array(n * count * layout.classes)
      for (let at = 0; at < count;) {
        const size = Math.min(count - at, Math.max(1, Math.floor(imagesAtOnce / n)))
        const seen = images.images.slice((from + at) * pixels, (from + at + size) * pixels)
        let part: Float32Array
        try {
          part = graph.run({ weights, images: seen, ...statistics }, 'probabilities')[0]
        } catch (thrown) {
          imagesAtOnce = fewer(thrown, size, n)
          continue
        }
        const each = size * layout.classes
        for (let i = 0; i < n; i++) result.set(part.subarray(i * each, (i + 1) * each), (i * count + at) * layout.classes)
        at += size
        await yieldToEventLoop()
      }
      return result
    },

    close() {
      for (const graph of graphs.values()) graph.close()
      return Promise.resolve()
    },
  }
}

/**
 * Images at once where so many of so many networks did not fit the device's memory: half of them.
 * @throws what was thrown, where it was something else; LabError `memory` where not even one image fits
 */
function fewer(thrown: unknown, size: number, networks: number): number {
  if (!(thrown instanceof Error) || !/OOM when allocating|RESOURCE_EXHAUSTED|out of memory/i.test(thrown.message)) throw thrown
  if (size > 1) return Math.floor(size / 2) * networks
  throw new LabError(
    'memory',
    `The device has no room for ${networks} networks on one image at once.`,
    'Close other programs that use it, or set WEIGHTSCAPE_DEVICE=cpu: the processor runs networks one at a time.',
    { cause: thrown },
  )
}
