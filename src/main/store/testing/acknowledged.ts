/** What disk-work.ts said is kept, and whether it is. */
import { expect } from 'vitest'
import { openStore } from '../open-store.ts'
import type { Store } from '../open-store.ts'
import { sampleState } from './samples.ts'

export type Acknowledged =
  | { dataset: string }
  | { run: string }
  | { checkpoint: { run: string; step: number } }
  | { results: { run: string; count: number } }
  | { preference: string }
  | { study: string }
  | { removed: string }
  | { paused: string }
  | { all: true }

export const acknowledgedIn = (text: string): Acknowledged[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Acknowledged)

/** Opens the folder as the next start does, and finds all that was acknowledged. @throws where something is not there */
export async function findAcknowledged(dataDir: string, said: readonly Acknowledged[]): Promise<void> {
  const store = openStore(dataDir)
  try {
    for (const one of said) await findOne(store, one)
  } finally {
    store.close()
  }
}

async function findOne(store: Store, one: Acknowledged): Promise<void> {
  const names = (): string[] => store.runs.list().map(({ name }) => name)
  if ('dataset' in one) expect((await store.datasets.reference({ id: one.dataset })).hash).toBe(one.dataset)
  if ('run' in one && !(await store.trash.list()).some(({ id }) => id === one.run)) expect(store.runs.get(one.run).id).toBe(one.run)
  if ('checkpoint' in one) {
    const { run, step } = one.checkpoint
    const found = await store.checkpoints.latest(run)
    // A later one may be whole though nobody heard of it.
    expect(found?.state.step).toBeGreaterThanOrEqual(step)
    expect(found?.state).toEqual(sampleState(found!.state.step))
    expect(store.metrics.read(run, 'loss').length).toBeGreaterThanOrEqual(step)
  }
  if ('results' in one) {
    const found = store.results.list(one.results.run)
    expect(found.length).toBeGreaterThanOrEqual(one.results.count)
    for (const result of found) expect((await store.results.arrays(result))['coordinates'].data).toEqual(new Float32Array(6).fill(7))
  }
  if ('preference' in one) expect(store.preferences.all()).toEqual({ theme: one.preference })
  if ('study' in one) expect(store.studies.get(one.study).name).toBe(one.study)
  if ('removed' in one) expect(names()).not.toContain(one.removed)
}
