/** Small things to keep, for tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { ImportedDataset } from '../../../shared/dataset.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { fileFailure } from '../failures.ts'
import type { Store } from '../open-store.ts'
import type { DatasetRecord, Run } from '../types.ts'

/** A folder that is gone after `work`. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-store-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Changes rows behind the store's back, while nobody has it open, without its taking that for damage. */
export function editDatabase(folder: string, edit: (raw: Sqlite.Database) => void): void {
  const raw = new Sqlite(join(folder, 'weightscape.db'))
  edit(raw)
  raw.close()
  rmSync(join(folder, 'commit-mark'), { force: true })
}

/** 24 images of 4 x 4 in 3 classes; another `salt`, another data set. */
export function sampleDataset(salt = 0): ImportedDataset {
  const count = 24
  return {
    images: Uint8Array.from({ length: count * 16 }, (_, i) => (i * 7 + salt) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 3),
    count,
    height: 4,
    width: 4,
    channels: 1,
    classes: 3,
    classNames: ['round', 'straight', 'both'],
    suggestedSplit: { train: 16, validation: 4, test: 4 },
    source: { format: 'idx', files: ['images', 'labels'], order: null },
  }
}

/** A staging folder of the store with a data set's files in it, as an import leaves them. @throws LabError `disk` */
export function stagedDataset(store: Store, { images, labels }: ImportedDataset): string {
  const folder = store.datasets.makeStaging()
  try {
    writeFileSync(join(folder, 'images.u8'), images)
    writeFileSync(join(folder, 'labels.u8'), labels)
  } catch (error) {
    throw fileFailure(error, 'write the data set', folder)
  }
  return folder
}

/** Keeps a data set as an import does. */
export async function addDataset(store: Store, dataset: ImportedDataset, name: string): Promise<DatasetRecord> {
  const { images: _images, labels: _labels, ...facts } = dataset
  const { known: _known, ...record } = await store.datasets.adopt(facts, stagedDataset(store, dataset), name)
  return record
}

export function sampleDocument(dataset: string, steps = 1000): Experiment {
  const preset = presets['mnist-quick']
  return { ...preset, data: { id: dataset, split: { train: 16, validation: 4, test: 4 } }, training: { ...preset.training, steps } }
}

/** A run on the sample data set, `training`. */
export async function sampleRun(store: Store): Promise<Run> {
  const { hash } = await addDataset(store, sampleDataset(), 'sample')
  const { id } = store.runs.create({ document: sampleDocument(hash) })
  return store.runs.move(id, 'training')
}

/** Arrays whose every number follows from the step. */
export function sampleState(step: number, numbers = 1000): CheckpointState {
  return {
    step,
    arrays: {
      weights: Float32Array.from({ length: numbers }, (_, i) => Math.fround(Math.sin(step * 1000 + i))),
      moments: new Float32Array(10).fill(step),
    },
  }
}
