/** Reads a safetensors file by its description: the length of a JSON header, the header, the bytes. */
import type { ReadArray } from './read-array.ts'

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/** Its float32 arrays by name. @throws Error when it is not what it says */
export function readSafetensors(file: Uint8Array): Record<string, ReadArray> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const length = Number(view.getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<string, Entry>
  const arrays: Record<string, ReadArray> = {}
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue
    if (dtype !== 'F32') throw new Error(`${name} is ${dtype}`)
    const [from, to] = offsets.map((offset) => 8 + length + offset)
    const count = shape.reduce((product, size) => product * size, 1)
    if (to > file.length || to - from !== 4 * count) throw new Error(`${name} ends at ${to} of ${file.length} bytes`)
    arrays[name] = { shape, values: Float32Array.from({ length: count }, (_, i) => view.getFloat32(from + 4 * i, true)) }
  }
  return arrays
}
