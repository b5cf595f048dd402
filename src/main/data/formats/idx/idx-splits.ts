/** IDX arrays as what they stand for: images and labels. */
import { badInput } from '../../bad-input.ts'
import type { IdxHeader } from './idx-header.ts'

const unsignedByte = 0x08
/** Channels an image can have. */
const maxChannels = 4

export interface ImageLayout {
  count: number
  height: number
  width: number
  channels: number
  /** The bytes are [count, channels, height, width]. */
  channelsFirst: boolean
}

/**
 * Rank 3 is [count, height, width]; rank 4 is [count, height, width, channels], or [count, channels,
 * height, width], which is told by where the small number stands.
 * @throws LabError `bad-input`
 */
export function imageLayout({ type, typeName, dims }: IdxHeader, name: string): ImageLayout {
  if (type !== unsignedByte) {
    throw badInput(
      name,
      `holds ${typeName}s (type at byte 2); images must be unsigned bytes, 0 to 255.`,
      'Convert the images to unsigned bytes (type 0x08).',
    )
  }
  const [count = 0, second = 0, third = 0, fourth] = dims
  if (dims.length < 3) {
    throw badInput(
      name,
      `has rank ${dims.length} (${dims.join(' x ')}); images need count x height x width.`,
      'Write the images with rank 3 (or 4, with channels).',
    )
  }
  if (fourth === undefined) return { count, height: second, width: third, channels: 1, channelsFirst: false }
  if (fourth <= maxChannels) return { count, height: second, width: third, channels: fourth, channelsFirst: false }
  if (second <= maxChannels) return { count, height: third, width: fourth, channels: second, channelsFirst: true }
  throw badInput(
    name,
    `has the shape ${dims.join(' x ')}; no dimension can be the channels (at most ${maxChannels}).`,
    'Write the images as count x height x width x channels.',
  )
}

/**
 * Labels of any type whose values are whole numbers from 0 to 255.
 * @throws LabError `bad-input` naming the first label that is not
 */
export function toLabels({ type, dims, size, offset }: IdxHeader, bytes: Uint8Array, name: string): Uint8Array {
  if (dims.length !== 1) throw badInput(name, `has rank ${dims.length}; labels have rank 1, one number an image.`)
  if (type === unsignedByte) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read: Record<number, (at: number) => number> = {
    0x09: (at) => view.getInt8(at),
    0x0b: (at) => view.getInt16(at),
    0x0c: (at) => view.getInt32(at),
    0x0d: (at) => view.getFloat32(at),
    0x0e: (at) => view.getFloat64(at),
  }
  const at = read[type]
  return Uint8Array.from({ length: dims[0] }, (_, i) => {
    const value = at(i * size)
    if (Number.isInteger(value) && value >= 0 && value <= 255) return value
    throw badInput(name, `label ${i}, at byte ${offset + i * size}, is ${value}; labels are whole numbers from 0 to 255.`)
  })
}
