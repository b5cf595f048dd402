/** What all kinds of pooling share: windows each of which becomes one number, channel by channel; what lies outside the image does not count. */
import type { z } from 'zod'
import { places } from './exports.ts'
import type { LayerKind, LayerSettings, Shape } from './layer-kind.ts'
import {
  along,
  inOnnx,
  paddingSchema,
  paddingWords,
  requireWindows,
  strideSchema,
  windowed,
  windowsInKeras,
  windowWords,
  type Padding,
  type Windows,
} from './windows.ts'

/** Settings beside the window's side. */
export const poolingSettings = {
  stride: strideSchema.exactOptional().meta({
    title: 'Stride',
    unit: 'pixels',
    description: 'Pixels from one window to the next. Left out, the side of the window: windows lie side by side.',
  }),
  padding: paddingSchema.exactOptional().meta({ title: 'Padding', default: 'same', description: paddingWords }),
} satisfies Record<string, z.ZodType>

export interface Pooling extends LayerSettings {
  size: number
  stride?: number
  padding?: Padding
}

export const windowsOf = ({ size, stride = size, padding = 'same' }: Pooling): Windows => ({ size, stride, padding })

/** Numbers of its output. */
export const outputsOf = (layer: Pooling, input: Shape): number => windowed(input, windowsOf(layer)).reduce((a, b) => a * b)

/** @param join makes one number of what a window has of the image, in its order @param onnx and keras: what they call it */
export function pooling<L extends Pooling>(
  kind: L['kind'],
  join: (values: number[]) => number,
  onnx: string,
  keras: string,
): Omit<LayerKind<L>, 'title' | 'description' | 'schema' | 'costs' | 'isOdd'> {
  return {
    kind,
    places: 'needs',
    outputShape(layer, input) {
      requireWindows(`${/^[aeiou]/.test(kind) ? 'An' : 'A'} ${kind}`, input, windowsOf(layer), layer.stride)
      return windowed(input, windowsOf(layer))
    },
    channels: 'read',
    parameters: () => [],
    // What becomes of a channel has the channel's scale.
    gauge: () => ({ own: 'nothing', reads: 'pass' }),
    generatedWhole: () => false,
    window: { of: ({ size }) => size, to: (layer, size) => ({ ...layer, size }) },
    words: ({ size, stride = size, padding }) =>
      `${kind} ${size}${stride === size ? '' : `, stride ${stride}`}${windowWords(undefined, padding)}`,
    onnx: (graph, layer) => graph.add(onnx, [], inOnnx(windowsOf(layer))),
    keras(graph, layer) {
      const { size, stride, padding } = windowsOf(layer)
      graph.add(keras, 'pool', { ...windowsInKeras(padding), pool_size: [size, size], strides: [stride, stride] })
    },
    plain: (layer, values, input) => pooled(values, input, windowsOf(layer), join),
  }
}

function pooled(
  values: ArrayLike<number>,
  [height, width, channels]: Shape,
  windows: Windows,
  join: (values: number[]) => number,
): number[] {
  const [rows, columns] = [along(height, windows), along(width, windows)]
  return Array.from({ length: rows.count * columns.count * channels }, (_, at) => {
    const [row, column, channel] = places(at, [rows.count, columns.count, channels])
    const found: number[] = []
    for (let tap = 0; tap < windows.size ** 2; tap++) {
      const y = row * windows.stride + Math.floor(tap / windows.size) - rows.before
      const x = column * windows.stride + (tap % windows.size) - columns.before
      if (y >= 0 && y < height && x >= 0 && x < width) found.push(values[(y * width + x) * channels + channel])
    }
    return join(found)
  })
}
