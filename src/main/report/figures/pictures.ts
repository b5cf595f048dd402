/** Pictures that an analysis gives with its result: two rows of them side by side, or a grid. */
import type { Pictures } from '../../../analyses/analysis.ts'
import type { Figure } from '../content/document.ts'
import { shorten } from '../format.ts'
import { frame, label, width } from './chart.ts'
import { picture, strip } from './strip.ts'
import { diverging } from './theme.ts'

const gap = 14
/** Where a scale stands and how wide it is: its three numbers, of four digits and zeros before them, stand below it. */
const bar = { x: width - 180, width: 170 }

/** Null where there are none. */
export function picturesFigure(id: string, { title, explanation, shape, scale, grid, names, rows }: Pictures): Figure | null {
  if (rows.length === 0) return null
  const [height, across] = shape
  const columns = rows[0].length
  const blocks = grid === true ? 1 : 2
  const room = (scale === undefined || columns > 5 ? width - (blocks - 1) * gap : bar.x - gap) / blocks / columns
  const side = Math.min(64, room - 8)
  const down = side * Math.min(2, height / across)
  const letters = Math.min(20, Math.floor(room / 6))
  const each = Math.ceil(rows.length / blocks)
  const step = grid === true ? side + 8 : room
  const top = scale !== undefined && columns > 5 ? 34 : 0
  // Names of rows stand above them.
  const head = names === undefined ? 0 : 18
  const high = head + down + 26
  const drawn = rows.map((row) => row.map(({ pixels, words }) => ({ bytes: strip([pixels], shape), words })))
  const panels = drawn.flatMap((row, place) =>
    row.map(({ bytes, words }, column) => ({
      x: Math.floor(place / each) * (width / blocks + gap / 2) + column * step,
      y: top + head + (place % each) * high,
      marks: picture(bytes, 0, side, down) + label(0, down + 14, shorten(words, letters)),
    })),
  )
  const heads = (names ?? []).map((name, place) => ({
    x: Math.floor(place / each) * (width / blocks + gap / 2),
    y: top + (place % each) * high,
    marks: label(0, 12, name, { bold: true }),
  }))
  const legend = scale === undefined ? [] : [{ x: bar.x, y: 0, marks: scaleMarks(scale) }]
  const description = `${title}: ${rows.map((row, place) => (names === undefined ? '' : `${names[place]}: `) + row.map(({ words }) => words).join(' – ')).join('; ')}.`
  return {
    ...{ id, title, caption: [explanation], description },
    svg: frame({ id, title, description, height: Math.ceil(top + each * high), panels: [...panels, ...heads, ...legend] }),
    data: {
      columns: [names === undefined ? 'row' : 'name', ...rows[0].map((_, column) => `picture ${column + 1}`)],
      rows: rows.map((row, place) => [names?.[place] ?? place + 1, ...rows[0].map((_, column) => row.at(column)?.words ?? '')]),
    },
    plots: [],
    pictures: drawn.flatMap((row) => row.map(({ words, bytes }) => ({ name: words, bytes }))),
    pictureRows: { across: columns, names },
  }
}

const anchors = ['start', 'middle', 'end'] as const

function scaleMarks({ low, middle, high }: NonNullable<Pictures['scale']>): string {
  const step = bar.width / diverging.length
  const cells = diverging.map(
    (colour, at) => `<rect x="${(at * step).toFixed(2)}" width="${(step + 0.5).toFixed(2)}" height="10" fill="${colour}"/>`,
  )
  return cells.join('') + [low, middle, high].map((words, at) => label((at * bar.width) / 2, 24, words, { anchor: anchors[at] })).join('')
}
