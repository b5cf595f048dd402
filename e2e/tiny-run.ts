/** A run so small that its steps take milliseconds, put into a store before the lab opens it. */
import type { ImportedDataset } from '../src/shared/dataset.ts'
import type { Experiment, Target } from '../src/shared/experiment.ts'
import { presets } from '../src/shared/presets.ts'
import { openStore } from '../src/main/store/open-store.ts'
import type { Store } from '../src/main/store/open-store.ts'
import type { Run } from '../src/main/store/types.ts'
import { addDataset } from '../src/main/store/testing/samples.ts'

const split = { train: 120, validation: 30, test: 30 }
const side = 6
const classNames = ['left', 'middle', 'right']

/** 180 grey images of 6 x 6: a bright bar, one place a class. */
function bars(): ImportedDataset {
  const count = split.train + split.validation + split.test
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % classNames.length)
  const images = Uint8Array.from({ length: count * side * side }, (_, at) => {
    const image = Math.floor(at / (side * side))
    return (Math.floor((at % side) / 2) === labels[image] ? 195 : 0) + ((at * 13 + image * 31) % 60)
  })
  return {
    images,
    labels,
    count,
    height: side,
    width: side,
    channels: 1,
    classes: classNames.length,
    classNames,
    suggestedSplit: split,
    source: { format: 'idx', files: ['bars'], order: null },
  }
}

const quick = presets['mnist-quick']

export const tinyTarget: Target = {
  input: { height: side, width: side, channels: 1 },
  layers: [
    { kind: 'convolution', kernel: 3, filters: 2, activation: 'relu' },
    { kind: 'max-pool', size: 2 },
    { kind: 'dense', units: classNames.length, activation: 'none' },
  ],
}

export interface TinyPlan {
  name: string
  steps: number
  learningRate?: number
  seed?: number
}

function tinyDocument(dataset: string, { steps, learningRate = quick.training.learningRate, seed = quick.seed }: TinyPlan): Experiment {
  return {
    ...quick,
    seed,
    data: { id: dataset, split },
    target: tinyTarget,
    method: { ...quick.method, noiseBatch: 4, latent: 4, extractor: [6], code: 3, generators: [[5], [5]] },
    training: { ...quick.training, steps, learningRate, cooldown: 0, imageBatch: 4, checkpointEvery: 20 },
    evaluation: { every: 50, networks: 3, images: split.validation },
  }
}

/** A run that nobody has started yet. */
export async function addTinyRun(store: Store, plan: TinyPlan): Promise<Run> {
  const { hash } = await addDataset(store, bars(), 'bars')
  return store.runs.create({ document: tinyDocument(hash, plan), name: plan.name })
}

/** Puts one such run into a data folder that no lab has open. @returns its id */
export async function seedTinyRun(dataDir: string, plan: TinyPlan): Promise<string> {
  const store = openStore(dataDir)
  try {
    return (await addTinyRun(store, plan)).id
  } finally {
    store.close()
  }
}

/** For `test.use`: a data folder that holds such runs before the lab opens it. */
export const withTinyRuns = (...plans: readonly TinyPlan[]) => ({
  dataDir: async ({ dataDir }: { dataDir: string }, use: (dataDir: string) => Promise<void>) => {
    for (const plan of plans) await seedTinyRun(dataDir, plan)
    await use(dataDir)
  },
})
