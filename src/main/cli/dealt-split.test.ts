/** A split dealt anew against a data set that was imported in that order: the same bits, with the real engine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportedDataset } from '../../shared/dataset.ts'
import { dealtOrder } from '../../shared/deal.ts'
import { tinyBars, tinySettings } from '../lab/testing/tiny-data.ts'
import { openStore } from '../store/open-store.ts'
import { addDataset } from '../store/testing/samples.ts'
import { labProcess } from './testing/lab-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dealt-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const size = 36
const split = { train: 90, validation: 40, test: 20 }
/** Of the images for training and validation. */
const deal = { seed: 7, first: 130 }

/** Bars that all differ. */
function bars(): ImportedDataset {
  const made = tinyBars()
  for (let image = 0; image < made.count; image++) made.images[size * image] = image
  return made
}

function inOrder(data: ImportedDataset, order: Uint32Array): ImportedDataset {
  return {
    ...data,
    images: Uint8Array.from({ length: order.length * size }, (_, at) => data.images[order[Math.floor(at / size)] * size + (at % size)]),
    labels: Uint8Array.from(order, (place) => data.labels[place]),
    suggestedSplit: split,
  }
}

it('gives the same bits as a data set that was imported in that order', async () => {
  const dataDir = join(folder, 'data')
  const store = openStore(dataDir)
  await addDataset(store, bars(), 'bars')
  await addDataset(store, inOrder(bars(), dealtOrder({ split, deal }, 150)!), 'in order')
  store.close()
  const lab = labProcess(dataDir)
  const settings = [...tinySettings, 'training.cooldown=0'].flatMap((setting) => ['--set', setting])
  const trained = async (...data: string[]) => {
    const { run } = await lab('train', '--data', ...data, ...settings)
    const { accuracies, losses, basis } = await lab('evaluate', String(run), '-n', '3', '--split', 'test')
    const opened = openStore(dataDir)
    const { state } = await opened.checkpoints.at(String(run), 20)
    opened.close()
    return { arrays: state.arrays, said: { accuracies, losses }, basis }
  }
  const dealt = await trained('bars', '--split', Object.values(split).join(','), '--split-seed', '7')
  const imported = await trained('in order')
  expect(dealt.arrays).toEqual(imported.arrays)
  expect(dealt.said).toEqual(imported.said)
  expect(dealt.basis).toMatchObject({ images: { dealt: { split, deal } } })
  expect(imported.basis).not.toHaveProperty('images.dealt')
}, 120_000)
