import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawBatch } from '../random/batches.ts'
import { ImageBatches } from './image-batches.ts'

/** Batches whose images are their own indices; counts how many were laid out. */
function batches(bytesEach = 16) {
  let made = 0
  const images = { images: new Uint8Array(50), labels: new Uint8Array(50), count: 50, height: 1, width: 1, channels: 1 }
  const prepare = (_: unknown, indices: ArrayLike<number>) => {
    made++
    return { count: indices.length, labels: Int32Array.from(indices), rows: { byteLength: bytesEach } as Uint8Array }
  }
  return { of: new ImageBatches({ program: { prepare }, images, seed: 9, trainCount: 50, imageBatch: 6 }), made: () => made }
}

describe('image batches', () => {
  it('are those of the step and network, however much was prepared ahead', () => {
    const request = fc.record({ step: fc.nat({ max: 4 }), network: fc.nat({ max: 5 }), ahead: fc.nat({ max: 6 }) })
    fc.assert(
      fc.property(fc.array(request), (requests) => {
        const { of } = batches()
        for (const { step, network, ahead } of requests) {
          for (let i = 0; i < ahead; i++) of.prepareNext()
          expect(of.of(step, network).labels).toEqual(drawBatch(9, step, network, 50, 6))
        }
      }),
    )
  })

  it('are made once, ahead for the networks of the step before', () => {
    const { of, made } = batches()
    expect(of.prepareNext()).toBe(false)
    for (const network of [4, 5, 6]) of.of(0, network)
    expect([of.prepareNext(), of.prepareNext(), of.prepareNext(), of.prepareNext()]).toEqual([true, true, true, false])
    expect(made()).toBe(6)
    for (const network of [4, 5, 6]) of.of(1, network)
    expect(made()).toBe(6)
  })

  it('prepared ahead stay few when they are big', () => {
    const { of } = batches(30 << 20)
    for (const network of [0, 1, 2, 3]) of.of(0, network)
    expect([of.prepareNext(), of.prepareNext(), of.prepareNext()]).toEqual([true, true, false])
  })
})
