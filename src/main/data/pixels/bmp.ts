/** Windows bitmaps, which libvips does not read. */
import { decode } from 'bmp-ts'
import type { Pixels } from './resize.ts'

export interface BmpHeader {
  height: number
  width: number
  /** Whether pixels are colours (also those of a palette). */
  colour: boolean
}

/** Whether bytes begin as a bitmap does. */
export function isBmp(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x4d
}

/** @throws Error saying what is wrong */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < 54) throw new Error(`it has only ${bytes.length} bytes; a bitmap's headers have 54`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerSize = view.getUint32(14, true)
  if (headerSize < 40 || headerSize > 124) throw new Error(`its header has ${headerSize} bytes; 40 to 124 are read`)
  const width = view.getInt32(18, true)
  const height = Math.abs(view.getInt32(22, true))
  const bits = view.getUint16(28, true)
  const packing = view.getUint32(30, true)
  if (width < 1 || height < 1) throw new Error(`it is ${width} x ${height} pixels`)
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`it has ${bits} bits a pixel`)
  const offset = view.getUint32(10, true)
  if (packing === 0 || packing === 3 || packing === 6) {
    const needed = offset + Math.floor((width * bits + 31) / 32) * 4 * height
    if (needed > bytes.length) throw new Error(`it ends at byte ${bytes.length}, but its ${width} x ${height} pixels need ${needed}`)
  } else if (packing !== 1 && packing !== 2) throw new Error(`its pixels are packed by the unknown method ${packing}`)
  // A run has two bytes and stands for 255 pixels at most.
  else if (width * height > bytes.length * 128) throw new Error(`its ${bytes.length} bytes cannot hold ${width} x ${height} pixels`)
  return { height, width, colour: bits > 8 || hasColours(bytes, 14 + headerSize, Math.min(offset, bytes.length)) }
}

/** Pixels as red, green, blue. @throws Error saying what is wrong */
export function readBmp(bytes: Uint8Array): Pixels {
  const { width, height, data } = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { toRGBA: true })
  const count = width * height
  const out = new Uint8Array(3 * count)
  // The fourth byte is padding in most bitmaps, alpha in few: it is not looked at.
  for (let i = 0; i < count; i++) for (let c = 0; c < 3; c++) out[3 * i + c] = data[4 * i + c]
  return { data: out, height, width, channels: 3 }
}

/** Whether some entry of the palette is not grey. */
function hasColours(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i + 4 <= to; i += 4) if (bytes[i] !== bytes[i + 1] || bytes[i + 1] !== bytes[i + 2]) return true
  return false
}
