/** What all kinds of pooling share: windows side by side, SAME, each of which becomes one number, channel by channel. */
import { places } from './exports.ts'
import { windowedShape, type LayerKind, type LayerSettings } from './layer-kind.ts'
import { windowsInKeras } from './windows.ts'

interface Pooling extends LayerSettings {
  size: number
}

/** @param join makes one number of what a window has of the image, in its order @param onnx and keras: what they call it */
export function pooling<L extends Pooling>(
  join: (values: number[]) => number,
  onnx: string,
  keras: string,
): Omit<LayerKind<L>, 'kind' | 'title' | 'description' | 'schema' | 'costs' | 'words'> {
  return {
    places: 'needs',
    outputShape: ({ size }, input) => windowedShape(input, size),
    parameters: () => [],
    // What becomes of a channel has the channel's scale.
    gauge: () => ({ own: 'nothing', reads: 'pass' }),
    generatedWhole: () => false,
    window: { of: ({ size }) => size, to: (layer, size) => ({ ...layer, size }) },
    onnx: (graph, { size }) => graph.add(onnx, [], { auto_pad: 'SAME_UPPER', kernel_shape: [size, size], strides: [size, size] }),
    onnxOperators: {
      [onnx]: ([{ shape, values }], { strides, auto_pad: pad }) => {
        if (pad !== 'SAME_UPPER') throw new Error('padding')
        const found = pooled(values, shape, [1, 1, ...(strides as number[])], join)
        return { shape: found.shape, values: Float32Array.from(found.values) }
      },
    },
    keras: (graph, { size }) => graph.add(keras, 'pool', { ...windowsInKeras('same'), pool_size: [size, size], strides: [size, size] }),
    plain: ({ size }, values, input) => pooled(values, input, [size, size, 1], join).values,
  }
}

/** @param sizes of a window along each axis; SAME pads evenly, the odd place after */
function pooled(
  values: ArrayLike<number>,
  shape: readonly number[],
  sizes: readonly number[],
  join: (values: number[]) => number,
): { shape: number[]; values: number[] } {
  const windows = shape.map((side, axis) => Math.ceil(side / sizes[axis]))
  const before = shape.map((side, axis) => Math.floor((windows[axis] * sizes[axis] - side) / 2))
  const found = Array.from({ length: windows.reduce((a, b) => a * b) }, (): number[] => [])
  for (let at = 0; at < values.length; at++) {
    const window = places(at, shape).reduce((to, place, axis) => to * windows[axis] + Math.floor((place + before[axis]) / sizes[axis]), 0)
    found[window].push(values[at])
  }
  return { shape: windows, values: found.map(join) }
}
