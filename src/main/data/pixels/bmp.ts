/**
 * Windows bitmaps, which libvips does not read: palettes of 1, 4 and 8 bits a pixel, plain or packed in runs,
 * and colours of 16, 24 and 32 bits; with the headers of OS/2 and of every Windows.
 */
import type { Pixels } from './resize.ts'

export interface BmpHeader {
  height: number
  width: number
  /** Whether pixels are colours (also those of a palette). */
  colour: boolean
}

/** What the headers say, checked against the number of bytes. */
interface Layout {
  height: number
  width: number
  /** Rows begin with the uppermost. */
  topDown: boolean
  /** Bits a pixel: 1, 4, 8, 16, 24 or 32. */
  bits: number
  /** Runs of equal pixels instead of rows. */
  runs: boolean
  /** Where the pixels begin. */
  offset: number
  /** Red, green, blue of each entry; empty: pixels are colours themselves. */
  palette: Uint8Array
  /** Which bits of a pixel are red, green and blue; for 16 and 32 bits. */
  masks: readonly number[]
}

/** The header of OS/2: 16-bit sides, palette of three bytes an entry. */
const oldHeader = 12
/** Windows's headers; longer ones begin with the shortest. */
const [shortestHeader, longestHeader] = [40, 124]
/** How pixels are packed: not at all, in runs of 8 or 4 bits a pixel, not at all with masks for the colours. */
const packings = { none: 0, runs8: 1, runs4: 2, masks: 3, masksAndAlpha: 6 } as const
const defaultMasks: Readonly<Record<number, readonly number[]>> = { 16: [0x7c00, 0x03e0, 0x001f], 32: [0xff0000, 0xff00, 0xff] }

/** Whether bytes begin as a bitmap does. */
export function isBmp(head: Uint8Array): boolean {
  return head[0] === 0x42 && head[1] === 0x4d
}

/** @throws Error saying what is wrong */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  const { height, width, bits, palette } = layOut(bytes)
  return { height, width, colour: bits > 8 || hasColours(palette) }
}

/** Pixels as red, green, blue. @throws Error saying what is wrong */
export function readBmp(bytes: Uint8Array): Pixels {
  const layout = layOut(bytes)
  const { height, width } = layout
  return { data: layout.bits > 8 ? colours(bytes, layout) : throughPalette(bytes, layout), height, width, channels: 3 }
}

function layOut(bytes: Uint8Array): Layout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 14 + oldHeader) throw new Error(`it has only ${bytes.length} bytes; a bitmap's headers have ${14 + oldHeader} or more`)
  const headerSize = view.getUint32(14, true)
  const old = headerSize === oldHeader
  if (!old && (headerSize < shortestHeader || headerSize > longestHeader))
    throw new Error(`its header has ${headerSize} bytes; ${oldHeader}, and ${shortestHeader} to ${longestHeader} are read`)
  if (bytes.length < 14 + headerSize) throw new Error(`it ends at byte ${bytes.length}, within its headers of ${14 + headerSize} bytes`)
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true)
  const signed = old ? view.getUint16(20, true) : view.getInt32(22, true)
  const height = Math.abs(signed)
  const bits = view.getUint16(old ? 24 : 28, true)
  const packing = old ? packings.none : view.getUint32(30, true)
  if (width < 1 || height < 1) throw new Error(`it is ${width} x ${height} pixels`)
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`it has ${bits} bits a pixel`)
  const offset = view.getUint32(10, true)
  const runs = packing === packings.runs8 || packing === packings.runs4
  const masked = packing === packings.masks || packing === packings.masksAndAlpha
  if (runs ? bits !== (packing === packings.runs8 ? 8 : 4) : packing !== packings.none && !(masked && bits > 8))
    throw new Error(`its pixels of ${bits} bits are packed by the unknown method ${packing}`)
  if (!runs) {
    const needed = offset + strideOf(width, bits) * height
    if (needed > bytes.length) throw new Error(`it ends at byte ${bytes.length}, but its ${width} x ${height} pixels need ${needed}`)
  }
  // A run has two bytes and stands for 255 pixels at most.
  else if (width * height > bytes.length * 128) throw new Error(`its ${bytes.length} bytes cannot hold ${width} x ${height} pixels`)
  const masks = masked && bits !== 24 ? masksOf(view) : (defaultMasks[bits] ?? [])
  const palette = bits > 8 ? new Uint8Array(0) : paletteOf(bytes, 14 + headerSize, offset, bits, old ? 0 : view.getUint32(46, true), old)
  return { height, width, topDown: signed < 0, bits, runs, offset, palette, masks }
}

/** Bytes of a row: a whole number of four. */
function strideOf(width: number, bits: number): number {
  return Math.floor((width * bits + 31) / 32) * 4
}

/** They follow the shortest header, or are the next fields of a longer one. */
function masksOf(view: DataView): number[] {
  if (view.byteLength < 66) throw new Error(`it ends at byte ${view.byteLength}, before the masks of its colours`)
  return [54, 58, 62].map((at) => view.getUint32(at, true))
}

/** @param declared entries; 0: as many as the bits can name */
function paletteOf(bytes: Uint8Array, from: number, offset: number, bits: number, declared: number, old: boolean): Uint8Array {
  const most = 2 ** bits
  const size = old ? 3 : 4
  const there = Math.max(0, Math.floor((Math.min(offset, bytes.length) - from) / size))
  const count = Math.min(declared === 0 ? most : declared, most, there)
  if (count === 0) throw new Error(`its pixels of ${bits} bits name colours, but there is no palette`)
  const palette = new Uint8Array(3 * count)
  // Blue, green, red, and a byte that says nothing.
  for (let entry = 0; entry < count; entry++) for (let c = 0; c < 3; c++) palette[3 * entry + c] = bytes[from + entry * size + 2 - c]
  return palette
}

function hasColours(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 3) if (palette[i] !== palette[i + 1] || palette[i + 1] !== palette[i + 2]) return true
  return false
}

/** Pixels that are colours themselves. A fourth byte is padding in most bitmaps, alpha in few: it is not looked at. */
function colours(bytes: Uint8Array, { height, width, topDown, bits, offset, masks }: Layout): Uint8Array {
  const out = new Uint8Array(3 * width * height)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stride = strideOf(width, bits)
  const channels = masks.map(channelOf)
  for (let y = 0; y < height; y++) {
    const row = offset + (topDown ? y : height - 1 - y) * stride
    for (let x = 0; x < width; x++) {
      const to = 3 * (y * width + x)
      if (bits === 24) {
        for (let c = 0; c < 3; c++) out[to + c] = bytes[row + 3 * x + 2 - c]
        continue
      }
      const pixel = bits === 16 ? view.getUint16(row + 2 * x, true) : view.getUint32(row + 4 * x, true)
      for (let c = 0; c < 3; c++) out[to + c] = channels[c](pixel)
    }
  }
  return out
}

/** From a pixel to the value of the bits under a mask, 0 to 255. */
function channelOf(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0
  const shift = 31 - Math.clz32(mask & -mask)
  const most = mask >>> shift
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most)
}

function throughPalette(bytes: Uint8Array, layout: Layout): Uint8Array {
  const { height, width, topDown, palette } = layout
  const places = layout.runs ? fromRuns(bytes, layout) : fromRows(bytes, layout)
  const out = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    const row = (topDown ? y : height - 1 - y) * width
    for (let x = 0; x < width; x++) {
      const entry = 3 * places[row + x]
      if (entry >= palette.length) throw new Error(`a pixel has the colour ${places[row + x]} of a palette of ${palette.length / 3}`)
      const to = 3 * (y * width + x)
      for (let c = 0; c < 3; c++) out[to + c] = palette[entry + c]
    }
  }
  return out
}

/** Places in the palette, row after row as they are stored. */
function fromRows(bytes: Uint8Array, { height, width, bits, offset }: Layout): Uint8Array {
  const out = new Uint8Array(width * height)
  const stride = strideOf(width, bits)
  const each = 8 / bits
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = bytes[offset + y * stride + Math.floor(x / each)]
      out[y * width + x] = (byte >> (bits * (each - 1 - (x % each)))) & (2 ** bits - 1)
    }
  }
  return out
}

/** The same from runs: (count, value), or 0 and what to do: end a row, end all, move, so many values as they are. */
function fromRuns(bytes: Uint8Array, { height, width, bits, offset }: Layout): Uint8Array {
  const out = new Uint8Array(width * height)
  let [x, y, at] = [0, 0, offset]
  const byte = (): number => {
    if (at >= bytes.length) throw new Error(`it ends at byte ${bytes.length}, within its runs`)
    return bytes[at++]
  }
  const put = (value: number): void => {
    if (x >= width || y >= height) throw new Error(`a run at byte ${at} goes beyond its ${width} x ${height} pixels`)
    out[y * width + x++] = value
  }
  for (;;) {
    const count = byte()
    const value = byte()
    if (count > 0) for (let i = 0; i < count; i++) put(bits === 8 ? value : nibble(value, i))
    else if (value === 0) [x, y] = [0, y + 1]
    else if (value === 1) return out
    else if (value === 2) [x, y] = [x + byte(), y + byte()]
    else {
      const begin = at
      for (let i = 0, last = 0; i < value; i++) {
        if (bits === 8 || i % 2 === 0) last = byte()
        put(bits === 8 ? last : nibble(last, i))
      }
      at += (at - begin) % 2 // filled up to whole words
    }
  }
}

/** Half of a byte: the upper for even places. */
function nibble(byte: number, place: number): number {
  return place % 2 === 0 ? byte >> 4 : byte & 0x0f
}
