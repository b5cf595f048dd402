/** Windows over the places of an image, as convolutions and poolings look at them: TensorFlow's SAME and VALID. */
import { z } from 'zod'
import { LabError } from '../shared/errors.ts'
import type { Shape } from './layer-kind.ts'

export type Padding = 'same' | 'valid'

/** Side of the square window, places from one window to the next, and what becomes of windows that do not lie within the image. */
export interface Windows {
  size: number
  stride: number
  padding: Padding
}

export const strideSchema = z.int().min(1).max(8)
export const paddingSchema = z.enum(['same', 'valid'])
/** What SAME and VALID do, for a person who chooses. */
export const paddingWords =
  'same: places beyond the edge count as nothing, and only the stride makes the output smaller. valid: only windows that lie within the image.'

/** Windows along a side, and how many places of the first one lie before it: SAME pads evenly, the odd place after. */
export function along(side: number, { size, stride, padding }: Windows): { count: number; before: number } {
  if (padding === 'valid') return { count: Math.floor((side - size) / stride) + 1, before: 0 }
  const count = Math.ceil(side / stride)
  return { count, before: Math.floor(Math.max(0, (count - 1) * stride + size - side) / 2) }
}

/** Output of windows, one place each, channel by channel. */
export const windowed = ([height, width, channels]: Shape, windows: Windows): Shape => [
  along(height, windows).count,
  along(width, windows).count,
  channels,
]

/**
 * @param what the layer, as its refusal begins
 * @param stride where the document names one
 * @throws LabError `invalid-argument` where no window lies within an image, or none but the first would be looked at
 */
export function requireWindows(what: string, [height, width]: Shape, windows: Windows, stride: number | undefined): void {
  const places = `${height} × ${width} place${height * width === 1 ? '' : 's'}`
  if (windows.padding === 'valid' && windows.size > Math.min(height, width)) {
    throw new LabError(
      'invalid-argument',
      `${what} of ${windows.size} × ${windows.size} with padding valid leaves nothing of ${places}.`,
      'Give it padding same or a smaller window, or let less stride and pooling come before it.',
    )
  }
  if (stride !== undefined && stride > 1 && stride > Math.max(height, width)) {
    throw new LabError(
      'invalid-argument',
      `${what} with stride ${stride} steps over all of its ${places}.`,
      `Give it a stride of at most ${Math.max(height, width)}, or let less stride and pooling come before it.`,
    )
  }
}

/** What words say of windows, where they are not the usual ones. */
export const windowWords = (stride: number | undefined, padding: Padding | undefined): string =>
  `${stride === undefined || stride === 1 ? '' : `, stride ${stride}`}${padding === 'valid' ? ', padding valid' : ''}`

/** How ONNX names a padding, and its attributes of windows. */
export const inOnnx = ({ size, stride, padding }: Windows) => ({
  auto_pad: padding === 'same' ? 'SAME_UPPER' : 'VALID',
  kernel_shape: [size, size],
  strides: [stride, stride],
})

/** What Keras' layers of windows share. */
export const windowsInKeras = (padding: Padding) => ({ padding, data_format: 'channels_last', trainable: true })
