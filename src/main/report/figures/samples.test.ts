import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildReport } from '../build-report.ts'
import { plain } from '../content/document.ts'
import type { ReportInput } from '../input.ts'
import { syntheticInput } from '../testing/synthetic-input.ts'
import { png } from './png.ts'
import { samplesFigure } from './samples.ts'

const input = syntheticInput()
const withData = (more: Partial<ReportInput['data']>): ReportInput => ({ ...input, data: { ...input.data, ...more } })

const captionOf = (of: ReportInput): string => plain(samplesFigure(of)!.caption)

/** RGBA of a PNG file whose rows are not filtered, and how wide it is. */
function read(bytes: Uint8Array): { width: number; rgba: Uint8Array } {
  const file = Buffer.from(bytes)
  const width = file.readUInt32BE(16)
  const packed = file.subarray(file.indexOf('IDAT') + 4, file.indexOf('IEND') - 8)
  const lines = inflateSync(packed)
  const row = 4 * width
  return { width, rgba: Uint8Array.from(lines.filter((_, at) => at % (row + 1) !== 0)) }
}

it('a PNG holds the pixels that it was given', () => {
  const rgba = Uint8ClampedArray.from({ length: 4 * 6 }, (_, i) => (i * 37) % 256)
  const file = png(rgba, 3, 2)
  expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  expect(read(file)).toEqual({ width: 3, rgba: Uint8Array.from(rgba) })
})

describe('images of the data set in a report', () => {
  it('stand by class, pixel by pixel, with where they are from and how they were read', () => {
    const figure = samplesFigure(input)!
    expect(plain(figure.caption)).toBe(
      '2 of each class, drawn at random (seed 1) from the 55,000 training images: 28 × 28 grey. Read as idx (see the table above); nothing was done to them: every image is as it came.',
    )
    expect(figure.pictures!.map(({ name }) => name)).toEqual(input.data.classes)
    const samples = input.data.samples as { pixels: Uint8Array }
    const { width, rgba } = read(figure.pictures![3].bytes)
    // Four squares a pixel, so that nothing is blurred; the second image of class 3 is the eighth of all.
    const room = width / 2
    for (const [x, y] of [
      [0, 0],
      [5, 9],
      [27, 27],
    ]) {
      const at = 4 * ((4 * y + 1) * width + room + 4 * x + 2)
      expect([...rgba.subarray(at, at + 4)]).toEqual([...Array<number>(3).fill(samples.pixels[7 * 784 + 28 * y + x]), 255])
    }
    expect(figure.data.rows[7]).toEqual(['3', 217])
    expect(figure.svg.match(/<image /g)).toHaveLength(10)
  })

  it('says what was done to them, and of many classes shows the first', () => {
    const source = { ...input.data.source, changes: 'resized to 28 × 28' }
    expect(captionOf(withData({ source }))).toContain('; resized to 28 × 28.')
    const many = syntheticInput({ classes: 30 })
    expect(captionOf(many)).toMatch(/The first 24 of 30 classes\.$/)
    expect(samplesFigure(many)!.pictures).toHaveLength(24)
  })

  it('are left out where they cannot be read, and the report says so', async () => {
    const lost = withData({ samples: { lost: 'The file of the images is damaged.' } })
    expect(samplesFigure(lost)).toBeNull()
    const [page] = await buildReport(lost, 'html')
    expect(new TextDecoder().decode(page.bytes)).toContain('Images of the data set are not shown: The file of the images is damaged.')
  })
})
