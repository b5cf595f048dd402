import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, FrameReader, type Frame } from './wire.ts'

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

const frame = fc.record({
  header: fc.record({ type: fc.string(), first: fc.nat() }),
  numbers: fc.array(fc.float32Array({ maxLength: 20 }), { maxLength: 3 }),
})

describe('frames', () => {
  it('come out as they went in, however the stream cuts them', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (frames, cuts) => {
        const bytes = joined(frames.flatMap(({ header, numbers }) => encodeFrame(header, numbers)))
        const got: Frame[] = []
        const reader = new FrameReader((each) => got.push(each))
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const size = cuts[cut % cuts.length]
          reader.push(bytes.subarray(at, at + size))
          at += size
        }
        expect(got.map(({ header }) => header)).toEqual(frames.map(({ header }) => header))
        const sent = frames.map(({ numbers }) =>
          joined(numbers.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))),
        )
        // Bytes, not numbers: the payload of a NaN counts too.
        expect(got.map(({ payload }) => [...new Uint8Array(payload.buffer)])).toEqual(sent.map((part) => [...part]))
      }),
    )
  })

  it('are made of views on the numbers, not copies', () => {
    const numbers = new Float32Array([1, 2, 3, 4]).subarray(1, 3)
    const view = encodeFrame({ type: 'gradient' }, [numbers])[1]
    expect(view.buffer).toBe(numbers.buffer)
    expect([view.byteOffset, view.byteLength]).toEqual([4, 8])
  })

  it.each([
    ['an empty header', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['a header beyond all measure', [255, 255, 255, 255, 0, 0, 0, 0]],
    ['a payload beyond all measure', [2, 0, 0, 0, 252, 255, 255, 255]],
    ['a payload that is no whole number of floats', [2, 0, 0, 0, 3, 0, 0, 0]],
    ['a header that is no JSON', [2, 0, 0, 0, 0, 0, 0, 0, 123, 123]],
    ['a header that is no UTF-8', [2, 0, 0, 0, 0, 0, 0, 0, 255, 254]],
  ])('are refused: %s', (_, bytes) => {
    expect(() => new FrameReader(() => undefined).push(new Uint8Array(bytes))).toThrow()
  })
})
