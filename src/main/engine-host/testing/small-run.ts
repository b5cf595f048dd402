/** A small experiment on made-up images, for tests that run real engine processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataReference, JobOf } from '../../../shared/engine-protocol.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import type { Spawn } from '../../process/child.ts'
import { spawnNodeChild } from '../../process/node-child.ts'
import type { EngineEntries } from '../entries.ts'

const side = 8
const count = 120

/** Two classes, bright on the left and bright on the right, in no regular order: no two images are alike, wherever a range begins. */
export function smallData(): { data: DataReference; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-test-'))
  const labels = Uint8Array.from({ length: count }, (_, i) => Number((i * 37) % 101 > 50))
  const images = Uint8Array.from({ length: count * side * side }, (_, k) => {
    const image = Math.floor(k / side ** 2)
    const isLeft = k % side < side / 2
    return (isLeft === (labels[image] === 0) ? 120 + ((image * 29) % 71) : 20) + ((k * 7919) % 61)
  })
  const [imagesPath, labelsPath] = [join(folder, 'images'), join(folder, 'labels')]
  writeFileSync(imagesPath, images)
  writeFileSync(labelsPath, labels)
  const data: DataReference = {
    hash: 'made-up',
    imagesPath,
    labelsPath,
    count,
    height: side,
    width: side,
    channels: 1,
    classes: 2,
    split: { train: 80, validation: 40, test: 0 },
  }
  return { data, remove: () => rmSync(folder, { recursive: true }) }
}

/** A run that goes on for ever, as far as a test is concerned. */
export function smallTraining(data: DataReference, change: Partial<JobOf<'train'>> = {}): JobOf<'train'> {
  const document = experimentSchema.parse({
    version: 2,
    preset: 'small',
    data: { id: data.hash, split: data.split },
    target: {
      input: { height: side, width: side, channels: 1 },
      layers: [
        { kind: 'convolution', kernel: 3, filters: 4 },
        { kind: 'max-pool', size: 2 },
        { kind: 'dense', units: 2, activation: 'none' },
      ],
    },
    method: {
      kind: 'hypernetwork',
      lambda: 100,
      noiseBatch: 6,
      latent: 6,
      extractor: [10],
      code: 4,
      generators: [[8], [8]],
      batchNorm: {},
    },
    training: { steps: 1_000_000, learningRate: 1e-3, imageBatch: 5, checkpointEvery: 1000, checkpointSeconds: 1000 },
    evaluation: { every: 0, networks: 4, images: 20 },
    seed: 11,
  })
  return { kind: 'train', document, data, ...change }
}

/** Starts processes as Node does, and remembers them. */
export function rememberingSpawn(): { spawn: Spawn; pids: Record<keyof EngineEntries, number[]> } {
  const pids: Record<keyof EngineEntries, number[]> = { engine: [], farm: [] }
  return {
    pids,
    spawn: (options) => {
      const child = spawnNodeChild(options)
      pids[options.role as keyof EngineEntries].push(child.pid!)
      return child
    },
  }
}

/** True while there is such a process (a zombie that waits for its parent is none). */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until it holds; the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}
