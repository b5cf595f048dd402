/** Our own participant in training, sampling and evaluation. */
import { estimateEntropy } from '../../src/engine/diversity/entropy.ts'
import type { DataReference } from '../../src/shared/engine-protocol.ts'
import type { Experiment } from '../../src/shared/experiment.ts'
import { scoreVotes } from '../measure/votes.ts'
import { openEngine, type OpenEngine } from './engine.ts'
import { serveLines } from './serve.ts'

let engine: OpenEngine | undefined

function opened(): OpenEngine {
  if (engine === undefined) throw new Error('Asked for work before setup.')
  return engine
}

/** Milliseconds of each of n repetitions. */
async function time(n: number, work: (repetition: number) => unknown): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < n; i++) {
    const start = performance.now()
    await work(i)
    times.push(performance.now() - start)
  }
  return times
}

await serveLines(
  {
    async setup(request) {
      const { experiment, data, processes } = request as {
        experiment: Experiment
        data: DataReference
        processes: number | 'device'
      }
      engine = await openEngine(experiment, data, processes)
      const { versions, where } = engine
      const oneDnn = process.env['TF_ENABLE_ONEDNN_OPTS'] === '1' ? 'on' : 'off'
      return { version: `TensorFlow.js ${versions['tfjs']} on TensorFlow ${versions['tensorflow']}, oneDNN ${oneDnn}, ${where}` }
    },
    restart() {
      opened().restart()
      return Promise.resolve({})
    },
    async step({ n }) {
      let crossEntropy = NaN
      const ms = await time(Number(n), async () => (crossEntropy = (await opened().session.step())['crossEntropy'] ?? NaN))
      return { ms, crossEntropy }
    },
    async sample({ n, networks }) {
      const sampler = opened().sampler()
      return { ms: await time(Number(n), (i) => void sampler.sample(1000 + i, 0, Number(networks))) }
    },
    async evaluate({ n, networks, images }) {
      const { farm, data, sampler } = opened()
      const from = sampler()
      const classify = async (i: number) => {
        const weights = from.sample(1000 + i, 0, Number(networks))
        return await farm.probabilities(weights, Number(networks), data.split.train, Number(images))
      }
      return { ms: await time(Number(n), classify) }
    },
    async score(request) {
      const [networks, images] = [Number(request['networks']), Number(request['images'])]
      const { farm, data, images: set, sampler } = opened()
      const source = sampler()
      const weights = source.sample(1, 0, networks)
      const probabilities = await farm.probabilities(weights, networks, data.split.train, images)
      const labels = set.labels.subarray(data.split.train, data.split.train + images)
      const { entropy } = estimateEntropy(weights, networks, source.latent ?? 1)
      return { ...scoreVotes(probabilities, labels, data.classes), entropy }
    },
  },
  async () => await engine?.farm.close(),
)
