/** A run small enough for tests: an 8 x 8 target of three classes, and images it can learn in a second. */
import type { HypernetworkSpec } from '../../../methods/hypernetwork/schema.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { createFarm } from '../../farm/create-farm.ts'
import type { Farm } from '../../farm/farm.ts'
import { LocalWorker } from '../../farm/local-worker.ts'
import { randomStream } from '../../random/stream.ts'
import { layOut } from '../../target-network/layout.ts'
import type { ImageSet } from '../../target-network/program.ts'
import { loadPassMakers } from '../../target-network/layer-passes.ts'
import { createTargetProgram } from '../../target-network/target-program.ts'

export const smallDocument: Experiment & { method: HypernetworkSpec } = {
  ...presets['mnist-paper'],
  data: { id: 'blobs', split: { train: 300, validation: 60, test: 60 } },
  target: {
    input: { height: 8, width: 8, channels: 1 },
    layers: [
      { kind: 'convolution', kernel: 3, filters: 4, activation: 'relu' },
      { kind: 'max-pool', size: 2 },
      { kind: 'dense', units: 6, activation: 'relu' },
      { kind: 'dense', units: 3, activation: 'none' },
    ],
  },
  method: { ...presets['mnist-paper'].method, noiseBatch: 6, latent: 10, extractor: [20], code: 4, generators: [[8], [12], [8]] },
  training: { ...presets['mnist-paper'].training, steps: 100, learningRate: 0.01, imageBatch: 8 },
}

/** Three classes told apart by where their bright square lies. */
export function blobs(count: number): ImageSet {
  const images = new Uint8Array(count * 64)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const stream = randomStream(1, 'data-shuffle', 0, i)
    labels[i] = stream.integer(3)
    for (let k = 0; k < 64; k++) images[i * 64 + k] = stream.integer(120)
    const corner = [0, 5, 32][labels[i]]
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) images[i * 64 + corner + r * 8 + c] = 200 + stream.integer(50)
  }
  return { images, labels, count, height: 8, width: 8, channels: 1 }
}

/** What farms of a document are opened with. */
export async function farmOptions(changed: Experiment, images: ImageSet = blobs(300)) {
  const layout = layOut(changed.target)
  return {
    layout,
    program: await createTargetProgram(layout, { reference: { images, trainCount: images.count } }),
    images,
    seed: changed.seed,
    trainCount: images.count,
    imageBatch: changed.training.imageBatch,
    augmentation: changed.training,
    makers: await loadPassMakers(layout),
    yieldToEventLoop: () => Promise.resolve(),
  }
}

export async function farmOf(changed: Experiment): Promise<Farm> {
  const options = await farmOptions(changed)
  return createFarm(new LocalWorker(options), [], options)
}
