/**
 * Does to a store all that changes it, and acknowledges each thing in a file outside of the data folder. Begun again on the
 * same folder it goes on. A refusal is said, and the same is tried once more, as a person does who has mended the disk.
 */
import { appendFileSync } from 'node:fs'
import { LabError } from '../../../shared/errors.ts'
import { referee } from '../../../shared/study.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../open-store.ts'
import type { Acknowledged } from './acknowledged.ts'
import { addDataset, sampleDataset, sampleDocument, sampleState } from './samples.ts'

const [, , folder = '', acks = ''] = process.argv
const acknowledge = (what: Acknowledged): void => appendFileSync(acks, `${JSON.stringify(what)}\n`)

/** Once more where the disk refused. */
async function trying<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    process.stdout.write(`refused: ${error.code}: ${error.message}\n`)
    return work()
  }
}

const last = { first: 5, again: 7 }

async function train(store: Store, run: string, until: number): Promise<void> {
  for (let step = ((await store.checkpoints.latest(run))?.state.step ?? 0) + 1; step <= until; step++) {
    await trying(() => store.metrics.append(run, [{ step, name: 'loss', value: 1 / step, at: step }]))
    await trying(() => store.checkpoints.save(run, sampleState(step), 'periodic'))
    acknowledge({ checkpoint: { run, step } })
  }
}

async function fill(store: Store): Promise<void> {
  const { hash } = await trying(() => addDataset(store, sampleDataset(), 'shapes'))
  acknowledge({ dataset: hash })
  const isThere = (name: string) => store.runs.list().find((run) => run.name === name)
  const isRemoved = (await store.trash.list()).some(({ name }) => name === 'second')
  for (const name of isRemoved ? ['first'] : ['first', 'second']) {
    const run = isThere(name) ?? (await trying(() => store.runs.create({ document: sampleDocument(hash), name })))
    acknowledge({ run: run.id })
  }
  const run = isThere('first')!.id
  if (store.runs.get(run).state !== 'training') await trying(() => store.runs.move(run, 'training'))
  await train(store, run, last.first)
  const checkpoint = store.checkpoints.list(run)[0]
  await trying(() => store.checkpoints.pin(run, checkpoint.step, true))
  const about = { run, kind: 'map', step: checkpoint.step, checkpoint: checkpoint.hash, seed: 1, count: 3, networks: [0, 2, 4] }
  const row = { ...about, dataset: hash, split: 'test' as const, images: 4, options: { perplexity: 3 }, result: { n: 3 } }
  await trying(async () =>
    store.results.add(row, await store.results.write(row, { coordinates: { shape: [3, 2], data: new Float32Array(6).fill(7) } })),
  )
  acknowledge({ results: { run, count: store.results.list(run).length } })
  await trying(() => store.preferences.set('theme', 'dark'))
  acknowledge({ preference: 'dark' })
  await trying(() => store.studies.put({ name: 'small', createdAt: 1, study: referee, plan: [], drawSeconds: {}, unasked: [] }))
  acknowledge({ study: 'small' })
  const second = isThere('second')
  if (second !== undefined) await trying(() => store.runs.remove([second.id]))
  acknowledge({ removed: 'second' })
  await trying(() => store.runs.move(run, 'paused'))
  acknowledge({ paused: run })
}

async function open(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await trying(() => openStore(folder))
  try {
    await work(store)
  } finally {
    store.close()
  }
}

try {
  await open(fill)
  await open((store) => train(store, store.runs.list().find(({ name }) => name === 'first')!.id, last.again))
  acknowledge({ all: true })
} catch (error) {
  if (!(error instanceof LabError)) throw error
  process.stdout.write(`given up: ${error.code}: ${error.message}\n`)
  process.exitCode = 3
}
