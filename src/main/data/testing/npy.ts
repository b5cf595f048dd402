/** NPY files made for tests. */
import type { Sample } from './samples.ts'

export interface NpyOptions {
  descr?: string
  shape: number[]
  fortran?: boolean
  /** 1, 2 or 3 */
  version?: number
  /** Another header than the parts say. */
  text?: string
}

export function npyFile({ descr = '|u1', shape, fortran = false, version = 1, text }: NpyOptions, bytes: Uint8Array): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const words = text ?? `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${dims}), }`
  const begin = version === 1 ? 10 : 12
  const padded = `${words.padEnd(Math.ceil((begin + words.length + 1) / 64) * 64 - begin - 1)}\n`
  const head = Buffer.alloc(begin)
  head.write('\x93NUMPY', 'latin1')
  head[6] = version
  if (version === 1) head.writeUInt16LE(padded.length, 8)
  else head.writeUInt32LE(padded.length, 8)
  return Buffer.concat([head, Buffer.from(padded, 'latin1'), bytes])
}

/** Bytes of numbers, as numpy would store them. */
export function numbers(descr: string, values: readonly number[]): Uint8Array {
  const big = descr.startsWith('>')
  const kind = descr.slice(-2)
  const size = Number(kind[1])
  const view = new DataView(new ArrayBuffer(values.length * size))
  values.forEach((value, i) => {
    const at = i * size
    const put: Record<string, () => void> = {
      b1: () => view.setUint8(at, value),
      u1: () => view.setUint8(at, value),
      i1: () => view.setInt8(at, value),
      u2: () => view.setUint16(at, value, !big),
      i2: () => view.setInt16(at, value, !big),
      u4: () => view.setUint32(at, value, !big),
      i4: () => view.setInt32(at, value, !big),
      u8: () => view.setBigUint64(at, BigInt(value), !big),
      i8: () => view.setBigInt64(at, BigInt(value), !big),
      f2: () => view.setFloat16(at, value, !big),
      f4: () => view.setFloat32(at, value, !big),
      f8: () => view.setFloat64(at, value, !big),
    }
    put[kind]()
  })
  return new Uint8Array(view.buffer)
}

export function npy(name: string, descr: string, shape: number[], values: readonly number[]): Sample {
  return { name: `${name}.npy`, bytes: npyFile({ descr, shape }, numbers(descr, values)) }
}
