import { readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import { readImageSet, readProbabilities } from './read-data.ts'
import { smallData } from './testing/small-run.ts'

describe('reading what a job refers to', () => {
  let data: DataReference
  let remove: () => void
  beforeEach(() => {
    ;({ data, remove } = smallData())
  })
  afterEach(() => remove())

  it('gives the bytes of both files', async () => {
    const images = await readImageSet(data)
    expect(Buffer.from(images.images)).toEqual(readFileSync(data.imagesPath))
    expect(Buffer.from(images.labels)).toEqual(readFileSync(data.labelsPath))
  })

  it('brings images and labels into the order of the split', async () => {
    const lie = await readImageSet(data)
    const order = Uint32Array.from({ length: data.count }, (_, i) => data.count - 1 - i)
    const dealt = await readImageSet({ ...data, order })
    expect([...dealt.labels]).toEqual([...lie.labels].reverse())
    const size = dealt.images.length / data.count
    expect(dealt.images.subarray(0, size)).toEqual(lie.images.subarray((data.count - 1) * size))
    expect(dealt.images.subarray(-size)).toEqual(lie.images.subarray(0, size))
  })

  it('names a file that is missing, short, or has labels that are no classes', async () => {
    await expect(readImageSet({ ...data, classes: 1 })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(data.labelsPath) as string,
    })
    for (const length of [100, data.count * 64 + 1]) {
      truncateSync(data.imagesPath, length)
      await expect(readImageSet(data)).rejects.toMatchObject({
        code: 'corrupt',
        message: `${data.imagesPath} has ${length} bytes where ${data.count * 64} were expected.`,
      })
    }
    unlinkSync(data.imagesPath)
    await expect(readImageSet(data)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(data.imagesPath) as string,
    })
  })

  it('takes the first label into account, and images of several channels', async () => {
    const few = { ...data, count: 2, height: 2, width: 1, channels: 3, classes: 3 }
    const [images, labels] = [Uint8Array.from({ length: 12 }, (_, i) => 20 * i), Uint8Array.of(3, 0)]
    writeFileSync(few.imagesPath, images)
    writeFileSync(few.labelsPath, labels)
    await expect(readImageSet(few)).rejects.toMatchObject({
      message: `${few.labelsPath}: label 3 of image 0 is not below the number of classes, 3.`,
    })
    expect(await readImageSet({ ...few, classes: 4 })).toEqual({ images, labels, count: 2, height: 2, width: 1, channels: 3 })
  })

  it('reads a probability cache as floats', async () => {
    const written = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i / 10)
    writeFileSync(data.imagesPath, new Uint8Array(written.buffer))
    const about = { ...data, classes: 2 }
    const cache = (networks: number) => ({ path: data.imagesPath, networks })
    const job = { kind: 'analysis', probabilities: cache(2), images: 3, data: about, split: 'validation' } as JobOf<'analysis'>
    expect(await readProbabilities(job)).toEqual({ probabilities: written, validation: null })
    await expect(readProbabilities({ ...job, probabilities: cache(3) })).rejects.toMatchObject({
      code: 'corrupt',
      message: `${data.imagesPath} has 48 bytes where 72 were expected.`,
    })
    // Of more networks than are wanted, the beginning; without a number of images, all of the split.
    expect(await readProbabilities({ ...job, probabilities: cache(1) })).toMatchObject({ probabilities: written.slice(0, 6) })
    const { images: _, ...unlimited } = job
    const whole = { ...unlimited, data: { ...about, split: { train: 9, validation: 3, test: 9 } } }
    expect(await readProbabilities(whole)).toMatchObject({ probabilities: written })
    // And what they say of the validation images that are chosen on.
    const chooses = { ...job, split: 'test', validation: { ...cache(1), images: 2 } } as JobOf<'analysis'>
    expect(await readProbabilities(chooses)).toEqual({ probabilities: written, validation: written.slice(0, 4) })
    const none = { probabilities: null, validation: null }
    for (const missing of ['probabilities', 'data', 'split'])
      expect(await readProbabilities({ ...job, [missing]: undefined })).toEqual(none)
    expect(await readProbabilities({ ...job, kind: 'train' } as unknown as JobOf<'train'>)).toEqual(none)
  })
})
