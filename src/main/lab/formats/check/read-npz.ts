/** Reads the arrays of an NPZ file: a zip (read by fflate, written by yazl) of NPY files (numpy/lib/format.py). */
import { unzipSync } from 'fflate'
import type { NamedArray } from '../../../store/files/safetensors.ts'

/** Its float32 arrays by name; texts are passed over. @throws Error when it is not what it says */
export function readNpz(file: Uint8Array): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(unzipSync(file)).flatMap(([name, bytes]) => {
      const array = readNpy(name, bytes)
      return array === null ? [] : [[name.replace(/\.npy$/, ''), array]]
    }),
  )
}

function readNpy(name: string, bytes: Uint8Array): NamedArray | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (text.toString('latin1', 0, 8) !== '\x93NUMPY\x01\x00') throw new Error(`${name} is no NPY file`)
  const start = 10 + view.getUint16(8, true)
  const header = text.toString('latin1', 10, start)
  const [, type, order, tuple] = /'descr': '([^']+)', 'fortran_order': (\w+), 'shape': \(([^)]*)\)/.exec(header) ?? []
  if (type !== '<f4') return null
  if (order !== 'False') throw new Error(`${name} is in Fortran order`)
  const shape = tuple.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  const count = shape.reduce((product, size) => product * size, 1)
  if (bytes.length - start !== 4 * count) throw new Error(`${name} has ${bytes.length - start} bytes for ${count} numbers`)
  return { shape, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(start + 4 * i, true)) }
}
