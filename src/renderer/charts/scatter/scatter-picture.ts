/** The map as a file: a picture of pixels or vectors, on white, and a table of its points. */
import { toScreen } from './camera.ts'
import type { Camera, Size } from './camera.ts'
import { paint } from './canvas-points.ts'
import type { PointCloud } from './points.ts'

export interface ScatterPicture {
  cloud: PointCloud
  camera: Camera
  size: Size
  radius: number
  /** What colours mean; null: nothing. */
  legend: { title: string; low: string; high: string; colours: readonly string[] } | null
  title: string
}

const foot = 46
const ink = '#333b42'

/** Twice as fine as the screen. */
export async function scatterPng({ cloud, camera, size, radius, legend, title }: ScatterPicture): Promise<Blob> {
  const ratio = 2
  const points = document.createElement('canvas')
  paint(points, cloud, { camera, size, radius, ratio, ground: 'rgb(255, 255, 255)' })
  const picture = document.createElement('canvas')
  picture.width = points.width
  picture.height = points.height + foot * ratio
  const context = picture.getContext('2d')
  if (context !== null) {
    context.fillStyle = 'white'
    context.fillRect(0, 0, picture.width, picture.height)
    context.drawImage(points, 0, 0)
    context.scale(ratio, ratio)
    context.font = "11px 'Inter Variable', Helvetica, sans-serif"
    context.fillStyle = ink
    context.fillText(title, 12, size.height + 27)
    if (legend !== null) {
      const { left, width } = legendBox(size)
      const fill = context.createLinearGradient(left, 0, left + width, 0)
      legend.colours.forEach((colour, at) => fill.addColorStop(at / (legend.colours.length - 1), colour))
      context.fillStyle = fill
      context.fillRect(left, size.height + 12, width, 8)
      context.fillStyle = ink
      context.fillText(legend.low, left, size.height + 35)
      context.textAlign = 'center'
      context.fillText(legend.title, left + width / 2, size.height + 35)
      context.textAlign = 'right'
      context.fillText(legend.high, left + width, size.height + 35)
    }
  }
  return new Promise((resolve, reject) =>
    picture.toBlob((blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob)), 'image/png'),
  )
}

/** Points of one colour are one path: a picture of 100,000 stays small enough to open. */
export function scatterSvg({ cloud, camera, size, radius, legend, title }: ScatterPicture): string {
  const paths = new Map<string, string[]>()
  for (const i of cloud.order) {
    const { x, y } = toScreen(camera, size, cloud.coordinates[2 * i], cloud.coordinates[2 * i + 1])
    if (!(x >= 0 && y >= 0 && x <= size.width && y <= size.height)) continue
    const [red, green, blue, opacity] = cloud.colours.subarray(4 * i, 4 * i + 4)
    // Colours told apart by no one share a path.
    const key = `stroke="${hex(red & 0xfc)}${hex(green & 0xfc)}${hex(blue & 0xfc)}" stroke-opacity="${round(opacity / 255)}"`
    const path = paths.get(key) ?? []
    paths.set(key, path)
    path.push(`M${round(x)} ${round(y)}h0`)
  }
  const height = size.height + foot
  const { left, width } = legendBox(size)
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${ink}">${escape(content)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(size.width)}" height="${round(height)}" viewBox="0 0 ${round(size.width)} ${round(height)}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="11">`,
    `<title>${escape(title)}</title><rect width="100%" height="100%" fill="white"/>`,
    `<g fill="none" stroke-linecap="round" stroke-width="${round(2 * radius)}">`,
    ...[...paths].map(([key, path]) => `<path ${key.replace('stroke="', 'stroke="#')} d="${path.join('')}"/>`),
    '</g>',
    text(12, size.height + 27, 'start', title),
    ...(legend === null
      ? []
      : [
          `<linearGradient id="scale">${legend.colours.map((colour, at) => `<stop offset="${round(at / (legend.colours.length - 1))}" stop-color="${colour}"/>`).join('')}</linearGradient>`,
          `<rect x="${round(left)}" y="${round(size.height + 12)}" width="${round(width)}" height="8" fill="url(#scale)"/>`,
          text(left, size.height + 35, 'start', legend.low),
          text(left + width / 2, size.height + 35, 'middle', legend.title),
          text(left + width, size.height + 35, 'end', legend.high),
        ]),
    '</svg>',
  ].join('\n')
}

/** A row a network: index, place, values. */
export function scatterCsv(coordinates: Float32Array, values: Readonly<Record<string, Float32Array>>): string {
  const names = Object.keys(values)
  const rows = Array.from({ length: coordinates.length >> 1 }, (_, i) =>
    [i, coordinates[2 * i], coordinates[2 * i + 1], ...names.map((name) => values[name][i])].join(','),
  )
  return [['network', 'x', 'y', ...names].join(','), ...rows, ''].join('\n')
}

/** Right of the title, at most a third of the width. */
function legendBox({ width }: Size): { left: number; width: number } {
  const across = Math.min(240, width / 3)
  return { left: width - across - 16, width: across }
}

const hex = (channel: number): string => channel.toString(16).padStart(2, '0')
const round = (value: number): number => Math.round(value * 100) / 100
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
