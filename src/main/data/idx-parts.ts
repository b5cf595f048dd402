/** IDX arrays as what they stand for: images and labels. */
import { bad } from './idx.ts'
import type { IdxArray } from './idx.ts'

export interface Images {
  /** uint8 [count, height, width, channels] */
  data: Uint8Array
  count: number
  height: number
  width: number
  channels: number
}

const unsignedByte = 0x08
/** Channels an image can have. */
const mostChannels = 4

/**
 * Rank 3 is [count, height, width]; rank 4 is [count, height, width, channels], or [count, channels,
 * height, width], which is told by where the small number stands.
 * @throws LabError `bad-input`
 */
export function toImages(array: IdxArray, name: string): Images {
  if (array.type !== unsignedByte) {
    throw bad(
      name,
      `holds ${array.typeName}s (type at byte 2); images must be unsigned bytes, 0 to 255.`,
      'Convert the images to unsigned bytes (type 0x08).',
    )
  }
  const [count = 0, second = 0, third = 0, fourth] = array.dims
  if (array.dims.length < 3) {
    throw bad(
      name,
      `has rank ${array.dims.length} (${array.dims.join(' x ')}); images need count x height x width.`,
      'Write the images with rank 3 (or 4, with channels).',
    )
  }
  if (fourth === undefined) return { data: array.bytes, count, height: second, width: third, channels: 1 }
  if (fourth <= mostChannels) return { data: array.bytes, count, height: second, width: third, channels: fourth }
  if (second <= mostChannels) {
    return { data: channelsLast(array.bytes, count, second, third * fourth), count, height: third, width: fourth, channels: second }
  }
  throw bad(
    name,
    `has the shape ${array.dims.join(' x ')}; no dimension can be the channels (at most ${mostChannels}).`,
    'Write the images as count x height x width x channels.',
  )
}

/** [count, channels, pixels] to [count, pixels, channels]. */
function channelsLast(bytes: Uint8Array, count: number, channels: number, pixels: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let image = 0; image < count; image++) {
    const base = image * channels * pixels
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) out[base + pixel * channels + channel] = bytes[base + channel * pixels + pixel]!
    }
  }
  return out
}

/**
 * Labels of any type whose values are whole numbers from 0 to 255.
 * @throws LabError `bad-input` naming the first label that is not
 */
export function toLabels(array: IdxArray, name: string): Uint8Array {
  if (array.dims.length !== 1) throw bad(name, `has rank ${array.dims.length}; labels have rank 1, one number an image.`)
  if (array.type === unsignedByte) return array.bytes
  const view = new DataView(array.bytes.buffer, array.bytes.byteOffset, array.bytes.byteLength)
  const read: Record<number, (at: number) => number> = {
    0x09: (at) => view.getInt8(at),
    0x0b: (at) => view.getInt16(at),
    0x0c: (at) => view.getInt32(at),
    0x0d: (at) => view.getFloat32(at),
    0x0e: (at) => view.getFloat64(at),
  }
  const at = read[array.type]
  return Uint8Array.from({ length: array.dims[0] }, (_, i) => {
    const value = at(i * array.size)
    if (Number.isInteger(value) && value >= 0 && value <= 255) return value
    throw bad(name, `label ${i}, at byte ${array.offset + i * array.size}, is ${value}; labels are whole numbers from 0 to 255.`)
  })
}
