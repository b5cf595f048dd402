/** IDX files made for tests, and what goes wrong in them. */
import { LabError } from '../../../shared/errors.ts'

/** A file by its name. */
export interface Sample {
  name: string
  bytes: Uint8Array
}

export function idxFile(type: number, dims: number[], bytes: ArrayLike<number>): Uint8Array {
  const file = new Uint8Array(4 + 4 * dims.length + bytes.length)
  file.set([0, 0, type, dims.length])
  const view = new DataView(file.buffer)
  dims.forEach((size, i) => view.setUint32(4 + 4 * i, size))
  file.set(bytes, 4 + 4 * dims.length)
  return file
}

/** Images of 2 x 2 whose first pixel is their number, with labels: by default 0, 1, 2, 0, 1, 2, ... */
export function pairOf(count: number, name = '', label: (i: number) => number = (i) => i % 3): [Sample, Sample] {
  const images = idxFile(
    0x08,
    [count, 2, 2],
    Uint8Array.from({ length: count * 4 }, (_, i) => (i % 4 === 0 ? i / 4 : i)),
  )
  const labels = idxFile(
    0x08,
    [count],
    Uint8Array.from({ length: count }, (_, i) => label(i)),
  )
  return [
    { name: `${name}images-idx3-ubyte`, bytes: images },
    { name: `${name}labels-idx1-ubyte`, bytes: labels },
  ]
}

/** The error that some work ends in. */
export async function problem(work: () => unknown): Promise<LabError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('It went well.')
}
