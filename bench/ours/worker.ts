/** Our own participant in training, sampling, evaluation and attacks. */
import { writeFileSync } from 'node:fs'
import { AttackedImages } from '../../src/engine/analysis/attacked-images.ts'
import { estimateEntropy } from '../../src/engine/diversity/entropy.ts'
import { Pacer } from '../../src/engine/job/pacer.ts'
import { createTargetProgram } from '../../src/engine/target-network/target-program.ts'
import { adversarial, perturbationsOf } from '../../src/analyses/adversarial/definition.ts'
import type { DataReference } from '../../src/shared/engine-protocol.ts'
import type { Experiment } from '../../src/shared/experiment.ts'
import { scoreVotes } from '../measure/votes.ts'
import { openEngine, type OpenEngine } from './engine.ts'
import { quietContext, serveLines } from './serve.ts'

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
    draw({ networks, out }) {
      writeFileSync(String(out), opened().sampler().sample(1, 0, Number(networks)))
      return Promise.resolve({})
    },
    async attack({ n, images: asked, perturbations: many }) {
      const { data, images: set, sampler } = opened()
      const [images, first] = [Number(asked), data.split.train]
      const source = sampler()
      const network = source.sample(1000, 0, 1)
      const program = await createTargetProgram(source.target)
      const size = data.height * data.width
      const labels = Int32Array.from(set.labels.subarray(first, first + images))
      const options = adversarial.options.parse({ largest: 2 * (Number(many) - 1) })
      const perturbations = perturbationsOf(options)
      let fooled: number[] = []
      const ms = await time(Number(n), async () => {
        fooled = perturbations.map(() => 0)
        const pixels = Float32Array.from(set.images.subarray(first * size, (first + images) * size), (value) => value / 255)
        const targets = labels.map((label) => (label + 1) % data.classes)
        const about = { options, seed: 1, program, pacer: new Pacer(quietContext), pixels, labels, targets, perturbations }
        const made = new AttackedImages({ ...about, classes: data.classes })
        await made.make([network], 0, images)
        for (const place of perturbations.keys())
          await made.ask([[network]], place, [0, images], (_one, image, answer) => (fooled[place] += Number(answer !== labels[image])))
      })
      return { ms, fooled }
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
