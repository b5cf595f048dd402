import { expect, it } from 'vitest'
import { bytesField, fieldsOf, floatField, integerField, join, varint } from '../../../../shared/protobuf.ts'
import { readTensor } from './read-onnx.ts'

const tensorOf = (type: number, shape: readonly number[], ...numbers: Uint8Array[]) =>
  fieldsOf(join([...shape.map((side) => integerField(1, side)), integerField(2, type), bytesField(8, 'w'), ...numbers]))
const read = (...tensor: Parameters<typeof tensorOf>) => {
  const converted = new Set<string>()
  return { ...readTensor(tensorOf(...tensor), { converted }), converted: [...converted] }
}

it('numbers of an array are read however they are kept', () => {
  const [a, b] = [0.5, -2]
  const bits = [...new Uint16Array(Float16Array.of(a, b).buffer)]
  // The upper halves of their float32.
  const upper = [0x3f00, 0xc000]
  const expected = { shape: [2], values: Float32Array.of(a, b), isFloat: true }
  for (const [type, name, ...numbers] of [
    [1, null, bytesField(9, new Uint8Array(Float32Array.of(a, b).buffer))],
    [1, null, floatField(4, a), floatField(4, b)],
    [1, null, bytesField(4, new Uint8Array(Float32Array.of(a, b).buffer))],
    [10, 'float16', bytesField(9, new Uint8Array(Float16Array.of(a, b).buffer))],
    [10, 'float16', bytesField(5, join(bits.map(varint)))],
    [16, 'bfloat16', bytesField(9, new Uint8Array(Uint16Array.from(upper).buffer))],
    [16, 'bfloat16', bytesField(5, join(upper.map(varint)))],
    [11, 'float64', bytesField(10, new Uint8Array(Float64Array.of(a, b).buffer))],
  ] as const)
    expect(read(type, [2], ...numbers)).toEqual({ ...expected, converted: name === null ? [] : [name] })
})

it('whole numbers are read, be they packed or not, below 0 as well', () => {
  const expected = { shape: [3], values: Float32Array.of(0, -1, 300), isFloat: false, converted: [] }
  for (const numbers of [
    [bytesField(9, new Uint8Array(BigInt64Array.of(0n, -1n, 300n).buffer))],
    [bytesField(7, join([0, -1, 300].map(varint)))],
    [0, -1, 300].map((one) => integerField(7, one)),
  ])
    expect(read(7, [3], ...numbers)).toEqual(expected)
})

it('other types are not read, and numbers that are too few or too many are damage', () => {
  expect(readTensor(tensorOf(9, [1], bytesField(9, new Uint8Array(1))), { converted: new Set() })).toBeNull()
  for (const [type, size] of [
    [1, 4],
    [7, 8],
  ])
    expect(() => read(type, [2], bytesField(9, new Uint8Array(size)))).toThrow('w has 1 numbers, and its shape is 2')
})
