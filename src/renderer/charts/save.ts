/** Hands something that the page made to the person, as a file. */
import type { filtersFigure } from '../../main/report/figures/filters.ts'
import { csvText } from '../../shared/csv.ts'

export type SavedFormat = 'svg' | 'png' | 'csv'

function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser takes hold of the blob before this turn ends, or soon after.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export const saveText = (name: string, type: string, text: string): void => saveBlob(name, new Blob([text], { type }))

/** Room around what is drawn: letters begin at its very edge. */
const room = 12

/** A figure on white paper with a margin. */
export function onPaper(svg: string): string {
  return svg
    .replace(/viewBox="0 0 ([\d.]+) ([\d.]+)" width="[\d.]+" height="[\d.]+"/, (_, across: string, down: string) => {
      const [width, height] = [across, down].map((side) => Number(side) + 2 * room)
      return `viewBox="${-room} ${-room} ${width} ${height}" width="${width}" height="${height}"`
    })
    .replace('</desc>', `</desc><rect x="${-room}" y="${-room}" width="100%" height="100%" fill="white"/>`)
}

/** Saves a figure on white, as it is or as pixels, twice as fine as the screen. */
export async function savePicture(name: string, svg: string, format: 'svg' | 'png'): Promise<void> {
  const vectors = new Blob([onPaper(svg)], { type: 'image/svg+xml' })
  if (format === 'svg') {
    saveBlob(`${name}.svg`, vectors)
    return
  }
  const image = new Image()
  image.src = URL.createObjectURL(vectors)
  await image.decode()
  const canvas = Object.assign(document.createElement('canvas'), { width: 2 * image.width, height: 2 * image.height })
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  URL.revokeObjectURL(image.src)
  const pixels = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  if (pixels === null) throw new Error('The picture could not be made.')
  saveBlob(`${name}.png`, pixels)
}

/** Saves what is drawn under its title: as a picture, or its numbers. @param rows a table of numbers in the place of the figure's own */
export async function saveFigure(
  figure: ReturnType<typeof filtersFigure>,
  format: SavedFormat,
  rows?: Parameters<typeof csvText>[0],
): Promise<void> {
  if (figure === null) throw new Error('There is nothing to draw.')
  const name = fileName(figure.title)
  if (format === 'csv') saveText(`${name}.csv`, 'text/csv', csvText(rows ?? [figure.data.columns, ...figure.data.rows]))
  else await savePicture(name, figure.svg, format)
}

/** `Sampled accuracy` -> `sampled-accuracy` */
export const fileName = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
