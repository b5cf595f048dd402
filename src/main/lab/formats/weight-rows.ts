/** Weights of many networks in one file, a row a network, with the receipts to sample each again. */
import type { Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
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
  /** What is to be said of the images, as JSON. */
  data?: string
}

export interface RowsWriter {
  /** The next rows, float32 [n, weights], in order. @throws LabError `disk` */
  write(rows: Float32Array): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

/**
 * Begins a file with the arrays `weights` [count, weights], `index` [count], and as texts
 * `checkpoint`, `seed`, `layout` (JSON: name, shape and offset in a row of each layer's arrays) and `data` (JSON: what the images were).
 */
export async function beginRows(path: string, format: 'npz' | 'safetensors', header: RowsHeader): Promise<RowsWriter> {
  const { weightCount } = layOut(header.target)
  const shape = [header.count, weightCount]
  const index = bytesOf(Uint32Array.from({ length: header.count }, (_, i) => header.first + i))
  const texts = {
    checkpoint: header.checkpoint,
    seed: String(header.seed),
    layout: JSON.stringify(describeLayout(header.target)),
    ...(header.data === undefined ? {} : { data: header.data }),
  }

  if (format === 'npz') {
    const npz = await NpzWriter.begin(path, 4 * header.count * (weightCount + 1))
    npz.array('index', '<u4', [header.count], index)
    for (const [name, text] of Object.entries(texts)) npz.text(name, text)
    const weights = npz.stream('weights', '<f4', shape, 4 * header.count * weightCount)
    return {
      write: (rows) => weights.write(bytesOf(rows)),
      finish: () => {
        weights.end()
        return npz.finish()
      },
      discard: () => npz.discard(),
    }
  }

  const file = await SafetensorsWriter.begin(
    path,
    [
      { name: 'weights', type: 'F32', shape },
      { name: 'index', type: 'U32', shape: [header.count] },
    ],
    texts,
  )
  let done = 0
  return {
    write: async (rows) => {
      await file.write('weights', done, bytesOf(rows))
      done += rows.byteLength
    },
    finish: async () => {
      await file.write('index', 0, index)
      await file.finish()
    },
    discard: () => file.discard(),
  }
}

function describeLayout(target: Target): { name: string; shape: readonly number[]; offset: number }[] {
  let offset = 0
  return nameArrays(layOut(target), new Float32Array(layOut(target).weightCount)).map(({ name, shape, values }) => {
    const entry = { name, shape, offset }
    offset += values.length
    return entry
  })
}
