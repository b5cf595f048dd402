/** A few images of each class, as they were read. */
import { splitNames } from '../../../shared/split.ts'
import { count, imageSize, plural } from '../../../shared/wording.ts'
import type { Figure } from '../content/document.ts'
import { shorten } from '../format.ts'
import type { ReportInput, SampleImages } from '../input.ts'
import { frame, label, width } from './chart.ts'
import { picture, strip } from './strip.ts'

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
      `${each} of each class, drawn at random (seed ${samples.seed}) from the ${plural(document.data.split.train, `${splitNames.train} image`)}: ${imageSize({ height, width: across, channels })}. Read as ${data.source.format} (see the table above); ${changes}.${more}`,
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

/** Images of one class beside each other. */
function stripOf({ labels, pixels }: SampleImages, label: number, shape: readonly [number, number, number]) {
  const size = shape[0] * shape[1] * shape[2]
  const own = [...labels.keys()].filter((at) => labels[at] === label)
  return {
    bytes: strip(
      own.map((at) => pixels.subarray(at * size, (at + 1) * size)),
      shape,
      gap / cell,
    ),
    n: own.length,
  }
}

/** @param tall height of an image, of its width */
function image(bytes: Buffer, n: number, tall: number): string {
  const side = tall > 1 ? cell / tall : cell
  return picture(bytes, nameWidth, n * (side + gap), side * tall)
}
