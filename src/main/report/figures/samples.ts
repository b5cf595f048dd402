/** A few images of each class, as they were read. */
import { splitNames } from '../../../shared/split.ts'
import { toRgba } from '../../../shared/to-rgba.ts'
import { count, imageSize, plural } from '../../../shared/wording.ts'
import type { Figure } from '../content/document.ts'
import { shorten } from '../format.ts'
import type { ReportInput, SampleImages } from '../input.ts'
import { frame, label, width } from './chart.ts'
import { png } from './png.ts'

/** Of more classes the first ones are shown. */
const most = 24
const nameWidth = 92
/** Side of an image on the page, and between two of them. */
const [cell, gap] = [34, 3]
const columns = 2

/** Null where there are none. */
export function samplesFigure({ data, document }: ReportInput): Figure | null {
  const { samples, classes, shape } = data
  if (samples === undefined || 'lost' in samples || samples.labels.length === 0) return null
  const [height, across, channels] = shape
  const shown = classes.flatMap((name, label) => (samples.labels.includes(label) ? [{ name, label }] : [])).slice(0, most)
  const rows = Math.ceil(shown.length / columns)
  const strips = shown.map(({ name, label }) => ({ name, ...stripOf(samples, label, shape) }))
  const panels = strips.map(({ name, bytes, n }, place) => ({
    x: Math.floor(place / rows) * (width / columns),
    y: (place % rows) * (cell * (height / Math.max(height, across)) + 2 * gap),
    marks: label(nameWidth - 8, cell / 2 + 4, shorten(name, 13), { anchor: 'end' }) + image(bytes, n, height / across),
  }))
  const title = 'Images of each class'
  const each = Math.max(...strips.map(({ n }) => n))
  const description = `${plural(each, 'image')} of each of ${count(shown.length)} classes: ${shown.map(({ name }) => shorten(name, 24)).join(', ')}.`
  const more = shown.length < classes.length ? ` The first ${count(shown.length)} of ${count(classes.length)} classes.` : ''
  const changes = data.source.changes ?? 'nothing was done to them: every image is as it came'
  return {
    id: 'samples',
    title,
    caption: [
      `${each} of each class, drawn at random (seed ${samples.seed}) from the ${count(document.data.split.train)} ${splitNames.train} images: ${imageSize({ height, width: across, channels })}. Read as ${data.source.format} (see the table above); ${changes}.${more}`,
    ],
    description,
    svg: frame({ id: 'samples', title, description, height: Math.max(...panels.map(({ y }) => y)) + cell, panels }),
    data: {
      columns: ['class', 'place among the images of the run'],
      rows: Array.from(samples.indices, (index, at) => [classes[samples.labels[at]], index]),
    },
    plots: [],
    pictures: strips.map(({ name, bytes }) => ({ name, bytes })),
  }
}

/** Images of one class beside each other, with nothing between them, as a file. */
function stripOf({ labels, pixels }: SampleImages, label: number, [height, across, channels]: readonly [number, number, number]) {
  const own = [...labels.keys()].filter((at) => labels[at] === label)
  // Too small a picture is blurred where it is shown larger: each pixel becomes a square.
  const scale = Math.max(1, Math.ceil(96 / Math.max(height, across)))
  const room = scale * across + Math.max(1, Math.round((gap * scale * across) / cell))
  const wide = own.length * room
  const strip = new Uint8ClampedArray(scale * height * wide * 4)
  own.forEach((at, place) => {
    const rgba = toRgba(pixels, at * height * across * channels, height, across, channels)
    for (let y = 0; y < scale * height; y++) {
      for (let x = 0; x < scale * across; x++) {
        const from = 4 * (Math.floor(y / scale) * across + Math.floor(x / scale))
        strip.set(rgba.subarray(from, from + 4), 4 * (y * wide + place * room + x))
      }
    }
  })
  return { bytes: png(strip, wide, scale * height), n: own.length }
}

/** @param tall height of an image, of its width */
function image(bytes: Buffer, n: number, tall: number): string {
  const side = tall > 1 ? cell / tall : cell
  const source = `data:image/png;base64,${bytes.toString('base64')}`
  return `<image x="${nameWidth}" y="0" width="${(n * (side + gap)).toFixed(2)}" height="${(side * tall).toFixed(2)}" preserveAspectRatio="none" href="${source}"/>`
}
