/** Weights of many networks in one file, a row a network, with the receipts to sample each again. */
import type { Target } from '../../../shared/experiment.ts'
import { layOut, type TargetLayout } from '../../../shared/target-layout.ts'
import { bytesOf, nameArrays } from './named-arrays.ts'
import { NpzWriter } from './npz.ts'
import { SafetensorsWriter } from './safetensors.ts'

export interface RowsHeader {
  target: Target
  /** Receipts: hash of the checkpoint, seed, and the index of each row. */
  checkpoint: string
  seed: number
  first: number
  count: number
  /** Latent vectors that the rows come from, [count, latent], instead of seed and index. */
  z?: Float32Array | undefined
  /** What is to be said of the images, as JSON. */
  data?: string
}

export interface RowsWriter {
  /** The next rows, float32 [n, completeCount], in order. @throws LabError `disk` */
  write(rows: Float32Array): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

/**
 * Begins a file with the arrays `weights` [count, weights] (with the statistics that networks answer with, where there are any), `index` [count] (or `z` [count, latent]), and as texts
 * `checkpoint`, `seed`, `layout` (JSON: name, shape and offset in a row of each layer's arrays) and `data` (JSON: what the images were).
 */
export async function beginRows(path: string, format: 'npz' | 'safetensors', header: RowsHeader): Promise<RowsWriter> {
  const { completeCount } = layOut(header.target)
  const shape = [header.count, completeCount]
  const { z } = header
  const receipt =
    z === undefined
      ? {
          ...({ name: 'index', npz: '<u4', type: 'U32' } as const),
          shape: [header.count],
          bytes: bytesOf(Uint32Array.from({ length: header.count }, (_, i) => header.first + i)),
        }
      : { ...({ name: 'z', npz: '<f4', type: 'F32' } as const), shape: [header.count, z.length / header.count], bytes: bytesOf(z) }
  const texts = {
    checkpoint: header.checkpoint,
    ...(z === undefined ? { seed: String(header.seed) } : {}),
    layout: JSON.stringify(describeRows(layOut(header.target))),
    ...(header.data === undefined ? {} : { data: header.data }),
  }

  if (format === 'npz') {
    const npz = await NpzWriter.begin(path, 4 * header.count * completeCount + receipt.bytes.byteLength)
    npz.array(receipt.name, receipt.npz, receipt.shape, receipt.bytes)
    for (const [name, text] of Object.entries(texts)) npz.text(name, text)
    const weights = npz.stream('weights', '<f4', shape, 4 * header.count * completeCount)
    return {
      write: (rows) => weights.write(bytesOf(rows)),
      finish: () => {
        weights.end()
        return npz.finish()
      },
      discard: () => npz.discard(),
    }
  }

  const file = await SafetensorsWriter.begin(path, [{ name: 'weights', type: 'F32', shape }, receipt], texts)
  let done = 0
  return {
    write: async (rows) => {
      await file.write('weights', done, bytesOf(rows))
      done += rows.byteLength
    },
    finish: async () => {
      await file.write(receipt.name, 0, receipt.bytes)
      await file.finish()
    },
    discard: () => file.discard(),
  }
}

/** Name, shape and offset in a row of each layer's arrays, and of the statistics behind them. */
export function describeRows(layout: TargetLayout): { name: string; shape: readonly number[]; offset: number }[] {
  let offset = 0
  return nameArrays(layout, new Float32Array(layout.completeCount)).map(({ name, shape, values }) => {
    const entry = { name, shape, offset }
    offset += values.length
    return entry
  })
}
