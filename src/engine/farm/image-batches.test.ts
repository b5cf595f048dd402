import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { augment } from '../random/augmentation.ts'
import { drawBatch } from '../random/batches.ts'
import { randomStream } from '../random/stream.ts'
import { ImageBatches } from './image-batches.ts'

const augmentation = { randomShift: 0, randomFlip: false }

/** Batches whose images are their own indices; counts how many were laid out. */
function batches(bytesEach = 16) {
  let made = 0
  const images = { images: new Uint8Array(50), labels: new Uint8Array(50), count: 50, height: 1, width: 1, channels: 1 }
  const prepare = (_: unknown, indices: ArrayLike<number>) => {
    made++
    return { count: indices.length, labels: Int32Array.from(indices), rows: { byteLength: bytesEach } as Uint8Array }
  }
  return { of: new ImageBatches({ program: { prepare }, images, seed: 9, trainCount: 50, imageBatch: 6, augmentation }), made: () => made }
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

  it('are changed as the document wants, prepared ahead or not', () => {
    const set = {
      images: new Uint8Array(50 * 9).map((_, at) => 1 + (at % 250)),
      labels: new Uint8Array(50),
      count: 50,
      height: 3,
      width: 3,
      channels: 1,
    }
    const changes = { randomShift: 1, randomFlip: true }
    const rowsOf = (indices: ArrayLike<number>) =>
      Uint8Array.from({ length: 9 * indices.length }, (_, at) => set.images[indices[Math.floor(at / 9)] * 9 + (at % 9)])
    const prepare = (_: unknown, indices: ArrayLike<number>) => ({
      count: indices.length,
      labels: Int32Array.from(indices),
      rows: rowsOf(indices),
    })
    const of = new ImageBatches({ program: { prepare }, images: set, seed: 9, trainCount: 50, imageBatch: 6, augmentation: changes })
    for (const step of [0, 1]) {
      const expected = rowsOf(drawBatch(9, step, 4, 50, 6))
      augment(expected, set, changes, randomStream(9, 'augmentation', step, 4))
      expect(of.of(step, 4).rows).toEqual(expected)
      expect(of.prepareNext()).toBe(true)
    }
  })
})
