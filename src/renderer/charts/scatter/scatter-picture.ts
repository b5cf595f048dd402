/** The map as a file: a picture of vectors, and a table of its points. */
import { frame, label } from '../../../main/report/figures/chart.ts'
import { toScreen } from './camera.ts'
import type { Camera, Size } from './camera.ts'
import { apart } from './labels.ts'
import type { PointLabel } from './labels.ts'
import type { PointCloud } from './points.ts'

export interface ScatterPicture {
  cloud: PointCloud
  camera: Camera
  size: Size
  radius: number
  /** What colours mean; null: nothing. */
  legend: { title: string; low: string; high: string; colours: readonly string[] } | null
  /** Instead, names of groups with their colours. */
  groups?: readonly { name: string; colour: string }[]
  title: string
  labels: readonly PointLabel[]
}

const foot = 46

/** Points of one colour are one path: a picture of 100,000 stays small enough to open. */
export function scatterSvg({ cloud, camera, size, radius, legend, groups = [], title, labels }: ScatterPicture): string {
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
  // Right of the title, at most a third of the width.
  const across = Math.min(240, size.width / 3)
  const left = size.width - across - 16
  const low = size.height + 35
  const drawn = [...paths].map(([key, path]) => `<path ${key.replace('stroke="', 'stroke="#')} d="${path.join('')}"/>`)
  const marks = [
    `<g fill="none" stroke-linecap="round" stroke-width="${round(2 * radius)}">${drawn.join('')}</g>`,
    ...apart(labels, (index) => toScreen(camera, size, cloud.coordinates[2 * index], cloud.coordinates[2 * index + 1]))
      .filter(({ x, y }) => x >= 0 && y >= 0 && x <= size.width && y <= size.height)
      .map(({ x, y, text }) => label(x + radius + 5, y + 4, text)),
    label(12, size.height + 27, title),
    ...groups.flatMap(({ name, colour }, at) => {
      const x = size.width - 16 - (groups.length - at) * 130
      return [`<circle cx="${x}" cy="${size.height + 23}" r="4" fill="${colour}"/>`, label(x + 9, size.height + 27, name.slice(0, 18))]
    }),
    ...(legend === null
      ? []
      : [
          `<linearGradient id="scale">${legend.colours.map((colour, at) => `<stop offset="${round(at / (legend.colours.length - 1))}" stop-color="${colour}"/>`).join('')}</linearGradient>`,
          `<rect x="${round(left)}" y="${round(size.height + 12)}" width="${round(across)}" height="8" fill="url(#scale)"/>`,
          label(left, low, legend.low),
          label(left + across / 2, low, legend.title, { anchor: 'middle' }),
          label(left + across, low, legend.high, { anchor: 'end' }),
        ]),
  ]
  const height = size.height + foot
  return frame({ id: 'points', title, description: title, width: size.width, height, panels: [{ x: 0, y: 0, marks: marks.join('') }] })
}

/** A row a network: index, place, values. @param which instead of the index alone, what each network is called by */
export function scatterCsv(
  coordinates: Float32Array,
  values: Readonly<Record<string, Float32Array>>,
  which: { names: readonly string[]; rows: readonly (readonly (string | number)[])[] } | null = null,
): string {
  const names = Object.keys(values)
  const rows = Array.from({ length: coordinates.length >> 1 }, (_, i) =>
    [...(which?.rows[i] ?? [i]), coordinates[2 * i], coordinates[2 * i + 1], ...names.map((name) => values[name][i])].join(','),
  )
  return [[...(which?.names ?? ['network']), 'x', 'y', ...names].join(','), ...rows, ''].join('\n')
}

const hex = (channel: number): string => channel.toString(16).padStart(2, '0')
const round = (value: number): number => Math.round(value * 100) / 100
