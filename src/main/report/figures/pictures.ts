/** Pictures that an analysis gives with its result, two rows of them side by side. */
import type { Pictures } from '../../../analyses/analysis.ts'
import type { Figure } from '../content/document.ts'
import { shorten } from '../format.ts'
import { frame, label, width } from './chart.ts'
import { picture, strip } from './strip.ts'

const gap = 14
const blocks = 2

/** Null where there are none. @param analysis its kind, for the figure's id */
export function picturesFigure(analysis: string, { title, explanation, shape, rows }: Pictures): Figure | null {
  if (rows.length === 0) return null
  const [height, across] = shape
  const columns = rows[0].length
  const room = (width - gap) / blocks / columns
  const side = Math.min(64, room - 8)
  const down = side * Math.min(2, height / across)
  const each = Math.ceil(rows.length / blocks)
  const drawn = rows.map((row) => row.map(({ pixels, words }) => ({ bytes: strip([pixels], shape), words })))
  const panels = drawn.flatMap((row, place) =>
    row.map(({ bytes, words }, column) => ({
      x: Math.floor(place / each) * (width / blocks + gap / 2) + column * room,
      y: (place % each) * (down + 26),
      marks: picture(bytes, 0, side, down) + label(0, down + 14, shorten(words, 20)),
    })),
  )
  const description = `${title}: ${rows.map((row) => row.map(({ words }) => words).join(' – ')).join('; ')}.`
  const id = `${analysis}-pictures`
  return {
    ...{ id, title, caption: [explanation], description },
    svg: frame({ id, title, description, height: Math.ceil(each * (down + 26)), panels }),
    data: {
      columns: ['row', ...rows[0].map((_, column) => `picture ${column + 1}`)],
      rows: rows.map((row, place) => [place + 1, ...row.map(({ words }) => words)]),
    },
    plots: [],
    pictures: drawn.flatMap((row, place) => row.map(({ bytes }, column) => ({ name: `${place + 1}-${column + 1}`, bytes }))),
  }
}
