/** 3,000 points to the plane: time, and one exact divergence for every embedding. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LabError } from '../../src/shared/errors.ts'
import { measureInTurns, type Participant } from '../measure/alternate.ts'
import { ratioToFastest, summarize, type Summary } from '../measure/statistics.ts'
import { formatMs, formatTable } from '../report/table.ts'
import { exactAffinities, exactKl } from '../tsne/exact-kl.ts'
import { randomManifold } from '../tsne/manifold.ts'
import type { Options } from '../options.ts'
import { startOurs, startRival } from '../workers/catalogue.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import type { Bench } from './context.ts'

const settings = { perplexity: 30, iterations: 1000 }
const builtIn = { n: 3000, dimension: 50, seed: 1 }
const methods = ['openTSNE-fft', 'openTSNE-bh', 'scikit-learn'] as const

/** What became of one participant's last embedding. */
interface Embedding {
  /** As the method reports it, with its own P. */
  ownKl: number
  /** With the common P. */
  kl: number
}

export const tsneBench: Bench = async ({ options, say }) => {
  const { points, dimension } = readPoints(options)
  const n = points.length / dimension
  say(`exact affinities of ${n} points`)
  const p = exactAffinities(points, n, settings.perplexity)
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-bench-'))
  const path = join(folder, 'points')
  writeFileSync(path, points)
  const few = join(folder, 'few')
  writeFileSync(few, points.subarray(0, 200 * dimension))

  const versions: Record<string, string> = {}
  const embeddings: Record<string, Embedding> = {}
  const workers: LineWorker[] = []

  function participant(name: string, start: () => Promise<LineWorker>): Participant {
    let worker: LineWorker
    const out = join(folder, name)
    const embed = (from: string, iterations: number) =>
      worker.ask('embed', { ...(name === 'ours' ? {} : { method: name }), ...settings, iterations, points: from, dimension, out })
    return {
      name,
      async prepare() {
        say(`${name}: starting and warming up`)
        worker = await start()
        workers.push(worker)
        versions[name] = String((await worker.ask('setup', name === 'ours' ? {} : { method: name }))['version'])
        await embed(few, 250)
      },
      async turn() {
        const answer = await embed(path, settings.iterations)
        embeddings[name] = { ownKl: Number(answer['kl']), kl: exactKl(p, readFloats(out)) }
        return timesOf(answer)
      },
    }
  }

  try {
    const participants = [participant('ours', () => Promise.resolve(startOurs('tsne-worker.ts')))]
    if (options.rivals.length > 0) participants.push(...methods.map((method) => participant(method, () => startRival('tsne', say))))
    const measured = await measureInTurns(participants, options.rounds ?? 2, (name, done, total) =>
      say(`turn ${done + 1} of ${total}: ${name}`),
    )
    for (const worker of workers) await worker.close()
    const failed: Record<string, string> = {}
    const summaries = new Map<string, Summary>()
    for (const [name, outcome] of measured) {
      if ('failed' in outcome) failed[name] = outcome.failed
      else summaries.set(name, summarize(outcome.times))
    }
    const ours = summaries.get('ours')
    if (ours === undefined) throw new Error(`Ours failed: ${failed['ours']}`)
    const rows = [...summaries].map(([name, { minMs, medianMs }]) => {
      const { kl, ownKl } = embeddings[name]
      return [name, formatMs(minMs), formatMs(medianMs), (ours.medianMs / medianMs).toFixed(2), kl.toFixed(3), ownKl.toFixed(3)]
    })
    summaries.delete('ours')
    return {
      ours,
      rivals: Object.fromEntries(summaries),
      failed,
      ratio: ratioToFastest(ours, summaries.values()),
      details: { ...settings, n, dimension, points: options.points ?? 'built-in manifold', embeddings },
      versions,
      text: [
        `${n} points of ${dimension} dimensions, perplexity ${settings.perplexity}, ${settings.iterations} iterations; KL with one exact P for all`,
        formatTable(['', 'min ms', 'median ms', 'ours / it', 'KL', 'own KL'], rows),
        ...Object.entries(failed).map(([name, reason]) => `${name} failed: ${reason}`),
      ].join('\n'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readPoints(options: Options): { points: Float32Array; dimension: number } {
  if (options.points === undefined)
    return { points: randomManifold(builtIn.n, builtIn.dimension, builtIn.seed), dimension: builtIn.dimension }
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
