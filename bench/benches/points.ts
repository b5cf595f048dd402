/** Many points in few numbers: 3,000 to the plane, with one exact divergence for every embedding; components of 3,000 networks, with the variance found. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../src/shared/errors.ts'
import type { Participant } from '../measure/alternate.ts'
import { exactAffinities, exactKl } from '../tsne/exact-kl.ts'
import { randomManifold } from '../tsne/manifold.ts'
import type { Options } from '../options.ts'
import { startOurs, startRival } from '../workers/catalogue.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import { compare } from './compare.ts'
import { paperDocument, setUpOurs, type Bench, type BenchContext } from './context.ts'

const settings = { perplexity: 30, iterations: 1000 }
const builtIn = { n: 3000, dimension: 50, seed: 1 }
const methods = ['openTSNE-fft', 'openTSNE-bh', 'scikit-learn'] as const

/** As the scatter matrices have them. */
const scattered = { n: 3000, components: 6 }
const decompositions = ['PCA-auto', 'PCA-arpack'] as const

/** Points, [n, dimension], in a file. */
interface Points {
  path: string
  n: number
  dimension: number
}

/** What became of one participant's last embedding. */
interface Embedding {
  /** As the method reports it, with its own P. */
  ownKl: number
  /** With the common P. */
  kl: number
}

export const tsneBench: Bench = (context) =>
  withFolder(async (folder) => {
    const { options, say } = context
    const { points, dimension } = readPoints(options) ?? {
      points: randomManifold(builtIn.n, builtIn.dimension, builtIn.seed),
      dimension: builtIn.dimension,
    }
    const n = points.length / dimension
    say(`exact affinities of ${n} points`)
    const p = exactAffinities(points, n, settings.perplexity)
    const path = join(folder, 'points')
    writeFileSync(path, points)
    const few = join(folder, 'few')
    writeFileSync(few, points.subarray(0, 200 * dimension))
    const embeddings: Record<string, Embedding> = {}
    const workers = new Workers(context, methods)
    const embed = (name: string, worker: LineWorker, from: string, iterations: number) => {
      const method = name === 'ours' ? {} : { method: name }
      return worker.ask('embed', { ...method, ...settings, iterations, points: from, dimension, out: join(folder, name) })
    }
    const participants = workers.participants(
      (name, worker) => embed(name, worker, few, 250),
      async (name, worker) => {
        const answer = await embed(name, worker, path, settings.iterations)
        embeddings[name] = { ownKl: Number(answer['kl']), kl: exactKl(p, readFloats(join(folder, name))) }
        return timesOf(answer)
      },
    )
    const cells = (name: string) => [embeddings[name].kl.toFixed(3), embeddings[name].ownKl.toFixed(3)]
    const found = await compare(context, { participants, workers: workers.all, rounds: 2, head: ['KL', 'own KL'], cells })
    return {
      ...found,
      details: { ...settings, n, dimension, points: options.points ?? 'built-in manifold', embeddings },
      versions: workers.versions,
      text: `${n} points of ${dimension} dimensions, perplexity ${settings.perplexity}, ${settings.iterations} iterations; KL with one exact P for all\n${found.text}`,
    }
  })

export const componentsBench: Bench = (context) =>
  withFolder(async (folder) => {
    const { options } = context
    const { path, n, dimension } = givenPoints(options) ?? (await drawnNetworks(context, join(folder, 'networks')))
    const explained: Record<string, number> = {}
    const workers = new Workers(context, decompositions)
    const ask = async (name: string, worker: LineWorker) => {
      const method = name === 'ours' ? {} : { method: name }
      const answer = await worker.ask('components', { ...method, points: path, dimension, components: scattered.components })
      explained[name] = (answer['explained'] as number[]).reduce((sum, share) => sum + share, 0)
      return timesOf(answer)
    }
    const participants = workers.participants(ask, ask)
    const cells = (name: string) => [`${(100 * explained[name]).toFixed(4)} %`]
    const found = await compare(context, { participants, workers: workers.all, rounds: 5, head: ['variance'], cells })
    return {
      ...found,
      details: {
        n,
        dimension,
        components: scattered.components,
        points: options.points ?? 'networks of mnist-paper after 20 steps',
        explained,
      },
      versions: workers.versions,
      text: `${scattered.components} components of ${n} points of ${dimension} dimensions, and the variance that they hold\n${found.text}`,
    }
  })

/** Ours, and scikit-learn and its like by each of some methods. */
class Workers {
  readonly all: LineWorker[] = []
  readonly versions: Record<string, string> = {}
  readonly #context: BenchContext
  readonly #methods: readonly string[]

  constructor(context: BenchContext, methods: readonly string[]) {
    this.#context = context
    this.#methods = context.options.rivals.length > 0 ? methods : []
  }

  participants(
    warmUp: (name: string, worker: LineWorker) => Promise<unknown>,
    turn: (name: string, worker: LineWorker) => Promise<number[]>,
  ): Participant[] {
    const { say } = this.#context
    return ['ours', ...this.#methods].map((name) => {
      let worker: LineWorker
      return {
        name,
        prepare: async () => {
          say(`${name}: starting and warming up`)
          worker = name === 'ours' ? startOurs('points-worker.ts') : await startRival('points', say)
          this.all.push(worker)
          this.versions[name] = String((await worker.ask('setup', name === 'ours' ? {} : { method: name }))['version'])
          await warmUp(name, worker)
        },
        turn: () => turn(name, worker),
      }
    })
  }
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Networks of the paper's target, as its hypernetwork draws them when it has trained a little. */
async function drawnNetworks(context: BenchContext, path: string): Promise<Points> {
  const { n } = scattered
  context.say(`drawing ${n} networks`)
  const { worker } = await setUpOurs(context, paperDocument(), true)
  await worker.ask('step', { n: 20 })
  await worker.ask('draw', { networks: n, out: path })
  await worker.close()
  return { path, n, dimension: readFloats(path).length / n }
}

function givenPoints(options: Options): Points | undefined {
  const given = readPoints(options)
  return given && { path: options.points!, n: given.points.length / given.dimension, dimension: given.dimension }
}

function readPoints(options: Options): { points: Float32Array; dimension: number } | undefined {
  if (options.points === undefined) return undefined
  const points = readFloats(options.points)
  if (points.length === 0 || points.length % options.dimensions !== 0) {
    throw new LabError(
      'bad-input',
      `${options.points} holds ${points.length} numbers, which is no multiple of ${options.dimensions}.`,
      'Give --dimensions.',
    )
  }
  return { points, dimension: options.dimensions }
}

function readFloats(path: string): Float32Array {
  try {
    const bytes = readFileSync(path)
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)))
  } catch (cause) {
    throw new LabError('not-found', `${path} cannot be read: ${String(cause)}`, 'Name a file of float32 points.', { cause })
  }
}
