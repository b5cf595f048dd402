import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { LabError } from '../errors.ts'
import { decodeFrame, encodeFrame, fromLab, fromWindow } from './frame.ts'

/** Numbers as they cross: JSON knows no negative zero. */
const number = fc.double().map((value) => (value === 0 ? 0 : value))
const key = fc.oneof(fc.string(), fc.constantFrom('$array', '$number', '$$array', '$', 'value')).filter((name) => name !== '__proto__')
const arrays = fc.oneof(
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.int32Array(),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    number,
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

describe('a frame', () => {
  it('brings back what went in: arrays, odd numbers, and names that look like its own', () => {
    fc.assert(
      fc.property(value, (message) => {
        const before = structuredClone(message)
        expect(decodeFrame(encodeFrame(message))).toEqual(before)
        expect(message).toEqual(before)
      }),
      { numRuns: 500 },
    )
  })

  it('carries arrays that lie anywhere in a larger buffer, and hands out aligned views without copying', () => {
    const odd = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4)
    const frame = encodeFrame({ odd, wide: Float64Array.of(1, Number.NaN, -Infinity) })
    const decoded = decodeFrame(frame) as { odd: Uint8Array; wide: Float64Array }
    expect(decoded).toEqual({ odd: Uint8Array.of(1, 2, 3), wide: Float64Array.of(1, Number.NaN, -Infinity) })
    expect(decoded.wide.buffer).toBe(frame)
    expect(decoded.wide.byteOffset % 8).toBe(0)
  })

  it.each([
    ['a function', { f: () => 1 }],
    ['a date', new Date(0)],
    ['a map', { map: new Map() }],
    ['a big integer', [1n]],
    ['big integers', new BigInt64Array(1)],
    ['a bare buffer', new ArrayBuffer(8)],
    ['a field that would change a prototype', JSON.parse('{"__proto__":1}')],
  ])('refuses to carry %s', (_, message) => {
    expect(() => encodeFrame(message)).toThrow(LabError)
  })

  it('refuses what is too deep, cycles included', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(() => encodeFrame(cycle)).toThrow(/deeper/)
    expect(() => decodeFrame(raw(`{"value":${'['.repeat(100_000)}${']'.repeat(100_000)},"arrays":[]}`))).toThrow(/deeper/)
  })
})

describe('bytes from elsewhere', () => {
  const message = encodeFrame({ text: 'x', list: [1, 2], numbers: new Float32Array(20), more: new Uint8Array(3) })

  it('are read or refused with a reason, whatever they are', () => {
    const mutation = fc.record({ at: fc.nat(message.byteLength - 1), byte: fc.nat(255) })
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 8 }), fc.nat(message.byteLength), (mutations, length) => {
        const bytes = new Uint8Array(message.slice(0))
        for (const { at, byte } of mutations) bytes[at] = byte
        for (const frame of [bytes.buffer, bytes.buffer.slice(0, length)]) {
          try {
            decodeFrame(frame)
          } catch (error) {
            expect(error).toBeInstanceOf(LabError)
            expect((error as LabError).code).toBe('bad-input')
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('are refused when anything is missing, or too much', () => {
    for (let length = 0; length < message.byteLength; length++) expect(() => decodeFrame(message.slice(0, length))).toThrow(LabError)
    expect(() => decodeFrame(new Uint8Array([...new Uint8Array(message), 0]).buffer)).toThrow(/length/)
  })

  it.each([
    ['an array longer than the frame', '{"value":{"$array":0},"arrays":[["f64",1000000000000]]}'],
    ['an array of a negative length', '{"value":1,"arrays":[["f64",-1]]}'],
    ['an array of half an element', '{"value":1,"arrays":[["f64",0.5]]}'],
    ['a type that is inherited', '{"value":1,"arrays":[["constructor",0]]}'],
    ['an array that is not there', '{"value":{"$array":1},"arrays":[["u8",0]]}'],
    ['a stand-in among others', '{"value":{"$array":0,"x":1},"arrays":[["u8",0]]}'],
    ['a number that is none', '{"value":{"$number":"1"},"arrays":[]}'],
    ['a new prototype', '{"value":{"__proto__":{"$array":0}},"arrays":[["u8",0]]}'],
    ['no list of arrays', '{"value":1}'],
    ['no JSON', '{"value":'],
  ])('are refused for %s', (_, header) => {
    expect(() => decodeFrame(raw(header))).toThrow(LabError)
  })

  it('are refused for depth before it is read: 8 MB of brackets at once, and not those in texts', () => {
    const parse = vi.spyOn(JSON, 'parse')
    for (const open of ['[', '{"a":']) {
      const header = `{"value":${open.repeat(7_000_000 / open.length)}`
      expect(() => decodeFrame(raw(header), fromWindow)).toThrow(/deeper than 64 levels/)
    }
    expect(parse).not.toHaveBeenCalled()
    parse.mockRestore()
    const value = ['[{'.repeat(200), '\\', '"[[[', { '[': ']' }]
    expect(decodeFrame(encodeFrame(value), fromWindow)).toEqual(value)
  })

  it('are refused above the limits before anything is read', () => {
    const limits = { frame: message.byteLength, header: 10_000, arrays: 2 }
    expect(decodeFrame(message, limits)).toBeTypeOf('object')
    expect(() => decodeFrame(message, { ...limits, frame: message.byteLength - 1 })).toThrow(/allowed/)
    expect(() => decodeFrame(message, { ...limits, header: 10 })).toThrow(/allowed/)
    expect(() => decodeFrame(message, { ...limits, arrays: 1 })).toThrow(/allowed/)
    expect(fromLab.frame).toBeLessThan(2 ** 31)
  })
})

/** A frame with this header and nothing behind it. */
function raw(header: string): ArrayBuffer {
  const text = new TextEncoder().encode(header)
  const frame = new Uint8Array(Math.ceil((8 + text.length) / 8) * 8)
  const view = new DataView(frame.buffer)
  view.setUint32(0, 0x31465357, true)
  view.setUint32(4, text.length, true)
  frame.set(text, 8)
  return frame.buffer
}
