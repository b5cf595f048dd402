/** MATLAB's files of version 5 made for tests. */
import { deflateSync } from 'node:zlib'
import { numbers } from './npy.ts'

/** Types of elements, and classes of arrays, by numpy's names. */
const kinds: Readonly<Record<string, readonly [type: number, arrayClass: number]>> = {
  i1: [1, 8],
  u1: [2, 9],
  i2: [3, 10],
  u2: [4, 11],
  i4: [5, 12],
  u4: [6, 13],
  f4: [7, 7],
  f8: [9, 6],
}

export interface MatArray {
  kind?: string
  shape: number[]
  /** With the first index fastest. */
  values: readonly number[]
}
/** Arrays, structs of them, or texts, which are no numbers. */
export interface MatFields {
  [name: string]: MatArray | MatFields | string
}

/** @param packed by zlib, as they are by default */
export function matFile(fields: MatFields, { packed = true, big = false } = {}): Uint8Array {
  const u32 = (...values: number[]) => Buffer.from(numbers(big ? '>u4' : '<u4', values))
  const element = (type: number, bytes: Uint8Array): Buffer => {
    if (bytes.length > 0 && bytes.length <= 4)
      return Buffer.concat([u32((bytes.length << 16) | type), bytes, Buffer.alloc(4 - bytes.length)])
    return Buffer.concat([u32(type, bytes.length), bytes, Buffer.alloc(-bytes.length & 7)])
  }
  const matrix = (name: string, value: MatFields[string]): Buffer => {
    const whole = (arrayClass: number, shape: readonly number[], ...parts: Buffer[]): Buffer =>
      element(14, Buffer.concat([element(6, u32(arrayClass, 0)), element(5, u32(...shape)), element(1, Buffer.from(name)), ...parts]))
    if (typeof value === 'string') return whole(4, [1, value.length], element(2, Buffer.from(value)))
    if (isArray(value)) {
      const kind = value.kind ?? 'u1'
      const [type, arrayClass] = kinds[kind]
      return whole(arrayClass, value.shape, element(type, numbers((big ? '>' : '<') + kind, value.values)))
    }
    const names = Object.keys(value).map((field) => Buffer.from(field.padEnd(32, '\0')))
    return whole(
      2,
      [1, 1],
      element(5, u32(32)),
      element(1, Buffer.concat(names)),
      ...Object.values(value).map((field) => matrix('', field)),
    )
  }
  const head = Buffer.alloc(128, ' ')
  head.write('MATLAB 5.0 MAT-file, made for a test', 'latin1')
  head.set(big ? [1, 0, 0x4d, 0x49] : [0, 1, 0x49, 0x4d], 124)
  const all = Object.entries(fields).map(([name, value]) => matrix(name, value))
  const elements = packed ? all.map((bytes) => deflateSync(bytes)).map((bytes) => Buffer.concat([u32(15, bytes.length), bytes])) : all
  return Buffer.concat([head, ...elements])
}

function isArray(value: MatArray | MatFields): value is MatArray {
  return 'shape' in value
}
