/** Of more images than are looked at in one go. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder } from '../testing/samples.ts'
import type { DatasetRecord } from '../types.ts'
import { findColours, findEqual } from './dataset-files.ts'

/** Images of one place and two channels, no two alike but for 3 and 2000, and 1400 and 1500. */
const count = 2500
const numberOf = (image: number): number => (image === 2000 ? 3 : image === 1500 ? 1400 : image)
const images = Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? numberOf(i >> 1) >> 8 : numberOf(i >> 1) & 255))
const record = { hash: 'h', name: 'pairs', height: 1, width: 1, channels: 2, count } as DatasetRecord

const kept = (work: (root: string) => Promise<void>) =>
  inFolder((root) => {
    mkdirSync(join(root, 'h'))
    writeFileSync(join(root, 'h', 'images.u8'), images)
    return work(root)
  })

test('mean and deviation of each channel are those of all the images asked for', () =>
  kept(async (root) => {
    const places = Array.from({ length: 2200 }, (_, i) => i + 300)
    const { mean, deviation } = await findColours(root, record, places)
    for (const channel of [0, 1]) {
      const values = places.map((place) => images[2 * place + channel] / 255)
      const expected = values.reduce((sum, value) => sum + value, 0) / values.length
      expect(mean[channel]).toBeCloseTo(expected, 10)
      expect(deviation[channel]).toBeCloseTo(Math.sqrt(values.reduce((sum, value) => sum + (value - expected) ** 2, 0) / values.length), 10)
    }
  }))

test('equal images are found however far they lie apart', () =>
  kept(async (root) => {
    const found = await findEqual(root, record)
    expect([...found].flatMap((first, image) => (first === image ? [] : [[image, first]]))).toEqual([
      [1500, 1400],
      [2000, 3],
    ])
  }))
