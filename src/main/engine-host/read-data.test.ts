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
    expect([...images.labels.subarray(0, 4)]).toEqual([0, 1, 0, 1])
  })

  it('names a file that is missing, short, or has labels that are no classes', async () => {
    await expect(readImageSet({ ...data, classes: 1 })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(data.labelsPath) as string,
    })
    truncateSync(data.imagesPath, 100)
    await expect(readImageSet(data)).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining(data.imagesPath) as string })
    unlinkSync(data.imagesPath)
    await expect(readImageSet(data)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(data.imagesPath) as string,
    })
  })

  it('reads a probability cache as floats', async () => {
    const written = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i / 10)
    writeFileSync(data.imagesPath, new Uint8Array(written.buffer))
    const about = { ...data, classes: 2 }
    const cache = (networks: number) => ({ path: data.imagesPath, networks })
    const job = { kind: 'analysis', probabilities: cache(2), images: 3, data: about, split: 'validation' } as JobOf<'analysis'>
    expect(await readProbabilities(job)).toEqual(written)
    await expect(readProbabilities({ ...job, probabilities: cache(3) })).rejects.toMatchObject({ code: 'corrupt' })
  })
})
