import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { decodeTensors, encodeTensors } from './safetensors.ts'
import type { NamedArray } from './safetensors.ts'

const arrays = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
  fc.float32Array({ maxLength: 20 }).map((data): NamedArray => ({ shape: [data.length], data })),
)
const metadata = fc.dictionary(
  fc.string().filter((key) => key !== 'sha256' && key !== '__proto__'),
  fc.string(),
)

test('what is written is read back, bit for bit', () => {
  fc.assert(
    fc.property(arrays, metadata, (given, facts) => {
      const read = decodeTensors(encodeTensors({ arrays: given, metadata: facts }), 'It')
      expect(Object.keys(read.arrays).sort()).toEqual(Object.keys(given).sort())
      for (const [name, { data }] of Object.entries(given)) {
        expect(new Uint32Array(read.arrays[name].data.buffer)).toEqual(new Uint32Array(data.slice().buffer))
      }
      const { sha256, ...others } = read.metadata
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
      expect(others).toEqual({ ...facts })
    }),
  )
})

test('a Buffer, whose slice is a view, reads the same', () => {
  const given = { a: { shape: [2], data: Float32Array.of(1, 2) }, b: { shape: [1, 3], data: Float32Array.of(3, 4, 5) } }
  const bytes = Buffer.from(encodeTensors({ arrays: given, metadata: {} }))
  const unaligned = Buffer.concat([Buffer.from([9]), bytes]).subarray(1)
  expect(decodeTensors(unaligned, 'It').arrays).toEqual(given)
})

test('the order in which arrays are given does not change the file', () => {
  const [a, b] = [
    { shape: [1], data: Float32Array.of(1) },
    { shape: [1], data: Float32Array.of(2) },
  ]
  expect(encodeTensors({ arrays: { a, b }, metadata: {} })).toEqual(encodeTensors({ arrays: { b, a }, metadata: {} }))
})

test('any flipped bit, and any cut, is noticed', () => {
  const bytes = encodeTensors({ arrays: { w: { shape: [3], data: Float32Array.of(1, -2, 3) } }, metadata: { document: '{"seed":1}' } })
  let noticed = 0
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice()
    flipped[bit >> 3] ^= 1 << (bit & 7)
    try {
      decodeTensors(flipped, 'It')
    } catch (error) {
      expect(error).toBeInstanceOf(LabError)
      noticed++
    }
  }
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeTensors(bytes.slice(0, length), 'It')).toThrow(LabError)
  }
  process.stdout.write(`safetensors: ${noticed} of ${bytes.length * 8} flipped bits noticed, ${bytes.length} of ${bytes.length} cuts\n`)
  expect(noticed).toBe(bytes.length * 8)
})

test('arbitrary bytes end in a sentence', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(() => decodeTensors(bytes, 'It')).toThrow(LabError)
    }),
  )
})
