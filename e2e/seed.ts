/** A data folder such as years of use would leave: many runs, long curves, large maps. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { asColours } from '../src/analyses/network-values.ts'
import type { EvaluationResult } from '../src/analyses/evaluation/definition.ts'
import { databaseName } from '../src/main/store/files/folders.ts'
import { openStore } from '../src/main/store/open-store.ts'
import { documentsAsked } from '../src/shared/sweep.ts'
import { rowTitle, sweepDefaults, type Study } from '../src/shared/study.ts'
import { addTinyRun } from './tiny-run.ts'

export interface Plenty {
  /** Finished runs called `run 00001` and on. */
  runs: number
  /** Points of the cross-entropy of the newest run, `the long one`, at steps 0 and on. */
  points: number
  /** Networks on a map of that run; 0: none. */
  mapped?: number
}

/** A batch of points in one transaction. */
const batch = 50_000

/** Fills a data folder that no lab has open. @returns id of the long run */
export async function seedPlenty(dataDir: string, { runs, points, mapped = 0 }: Plenty): Promise<string> {
  const store = openStore(dataDir)
  try {
    const model = await addTinyRun(store, { name: 'run 00001', steps: 2000 })
    copyRun(dataDir, model.id, runs)
    const { id } = await addTinyRun(store, { name: 'the long one', steps: points })
    store.runs.move(id, 'training')
    for (let first = 0; first < points; first += batch) {
      store.metrics.append(
        id,
        Array.from({ length: Math.min(batch, points - first) }, (_, i) => {
          const step = first + i
          return { name: 'crossEntropy', step, value: lossAt(step), at: step }
        }),
      )
    }
    const { hash } = await store.checkpoints.save(id, { step: points, arrays: { weights: new Float32Array(10) } }, 'finished')
    store.runs.move(id, 'finished', { step: points, seconds: points / 10 })
    if (mapped > 0) {
      const row = {
        ...{ run: id, kind: 'map', step: points, checkpoint: hash, seed: model.document.seed, count: mapped, networks: null },
        ...{ dataset: null, split: null, images: null },
        options: { method: 'tsne', perplexity: 30, iterations: 1000, components: 50 },
        result: { n: mapped, method: 'tsne', seconds: 100, klDivergence: 1, explained: null },
      }
      const accuracy = Float32Array.from({ length: mapped }, (_, i) => 0.9 + 0.05 * Math.sin(i / 40))
      const coordinates = { shape: [mapped, 2], data: spiral(mapped) }
      store.results.add(row, await store.results.write(row, { coordinates, ...asColours({ accuracy }) }))
    }
    return id
  } finally {
    store.close()
  }
}

/**
 * More rows of the one that the store made, with ids, names, states and times of their own: through the
 * store each would be synced to the disk by itself, which takes a minute.
 */
function copyRun(dataDir: string, id: string, count: number): void {
  const raw = new Sqlite(join(dataDir, databaseName))
  raw
    .prepare(
      `WITH RECURSIVE copy(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)
       INSERT INTO run (id, name, state, step, seconds, document, preset, steps, dataset, tags, created_at, started_at, updated_at, ended_at)
       SELECT printf('seeded-%05d', n), printf('run %05d', n), iif(n % 10 = 0, 'failed', 'finished'), n % 2000, n, document, preset, steps,
         dataset, tags, created_at - 60000 * n, created_at - 60000 * n, created_at - 59000 * n, created_at - 59000 * n
       FROM run, copy WHERE id = ?`,
    )
    .run(count, id)
  raw.close()
  // It was changed by another program than the lab, which would rightly be taken for damage.
  rmSync(join(dataDir, 'commit-mark'))
}

/** Fills a data folder that no lab has open with a sweep whose runs have all been trained and evaluated. @returns their number */
export async function seedSweep(dataDir: string, name: string, lambdas: number, seeds: number): Promise<number> {
  const store = openStore(dataDir)
  try {
    const { document } = await addTinyRun(store, { name: 'model', steps: 40 })
    const study: Study = {
      ...sweepDefaults,
      ...{ data: document.data.id, vary: [{ key: 'method.lambda', values: Array.from({ length: lambdas }, (_, at) => at + 1) }] },
      ...{ seeds: Array.from({ length: seeds }, (_, at) => at + 1), analyses: ['evaluation'], images: document.data.split.validation },
    }
    const plan = documentsAsked(study).map((asked, at) => ({
      name: rowTitle(study, asked),
      document: { ...document, method: { ...document.method, lambda: at + 1 } } as typeof document,
    }))
    await store.studies.put({ name, createdAt: 0, study, plan, drawSeconds: {}, unasked: [] })
    for (const [at, row] of plan.entries()) {
      for (const seed of study.seeds) {
        const { id } = store.runs.create({ document: { ...row.document, seed }, name: `${row.name}, seed ${seed}`, tags: [name] })
        store.runs.move(id, 'training')
        store.runs.move(id, 'finished', { step: 40, seconds: 1 })
        const mean = 0.8 + 0.1 * Math.sin(at / 30) + 0.005 * Math.sin(seed)
        const [n, { images, split }] = [50, study]
        const result: EvaluationResult = {
          ...{ n, images, split, mean, std: 0, min: mean, max: mean, loss: 1 - mean, entropy: 10 * at, seconds: 1 },
          ...{ accuracies: Array<number>(n).fill(mean), losses: Array<number>(n).fill(1 - mean) },
        }
        const about = { run: id, kind: 'evaluation', step: 40, checkpoint: id, seed, count: n, networks: null, options: {} }
        store.results.add({ ...about, dataset: document.data.id, split, images, result })
      }
    }
    return plan.length * seeds
  } finally {
    store.close()
  }
}

/** A loss that falls, with noise and a peak that no thinning may lose. */
export const peakStep = 654_321
function lossAt(step: number): number {
  return step === peakStep ? 9 : 2.3 / (1 + step / 20_000) + 0.2 * Math.abs(Math.sin(step * 12.9898))
}

/** Points along five arms. float32 [n, 2] */
function spiral(n: number): Float32Array {
  const coordinates = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) {
    const along = Math.sqrt(i / n)
    const angle = 7 * along + (2 * Math.PI * (i % 5)) / 5 + 0.3 * Math.sin(i * 78.233)
    coordinates[2 * i] = 100 * along * Math.cos(angle)
    coordinates[2 * i + 1] = 100 * along * Math.sin(angle)
  }
  return coordinates
}
