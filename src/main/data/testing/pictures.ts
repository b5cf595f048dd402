/** Small images made for tests: drawn shapes in every kind of image file. */
import sharp from 'sharp'
import type { Sample } from './samples.ts'

/** Grey pixels of 12 x 12: a bright bar, standing (0) or lying (1), or a square (2), at a place that follows `i`; no two are equal. */
export function drawn(label: number, i: number, side = 12): Uint8Array {
  const pixels = new Uint8Array(side * side)
  const place = 2 + (i % (side - 6))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const inX = x >= place && x < place + 3
      const inY = y >= place && y < place + 3
      const bright = label === 0 ? inX : label === 1 ? inY : inX && inY
      pixels[y * side + x] = (bright ? 180 : 10) + ((i * 13 + x * 7 + y * (11 + Math.floor(i / 60))) % 60)
    }
  }
  return pixels
}

type Kind = 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif' | 'bmp'

/** A drawn shape as a file. @param colour red, green and blue, 0 to 1; grey if not given */
export async function picture(
  kind: Kind,
  label: number,
  i: number,
  colour?: readonly [number, number, number],
  side = 12,
): Promise<Uint8Array> {
  const grey = drawn(label, i, side)
  const rgb = Uint8Array.from({ length: 3 * grey.length }, (_, at) => Math.round(grey[Math.floor(at / 3)] * (colour?.[at % 3] ?? 1)))
  if (kind === 'bmp') return bmp(rgb, side)
  const image =
    colour === undefined
      ? sharp(grey, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w')
      : sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
  return image.toFormat(kind, kind === 'jpeg' ? { quality: 90 } : kind === 'tiff' ? { compression: 'lzw' } : {}).toBuffer()
}

/** 24 bits a pixel, rows from below, each filled up to whole words. */
function bmp(rgb: Uint8Array, side: number): Uint8Array {
  const stride = Math.ceil((3 * side) / 4) * 4
  const out = bmpHeader({ width: side, height: side, bits: 24, pixels: stride * side })
  for (let y = 0; y < side; y++)
    for (let x = 0; x < 3 * side; x++) out[54 + (side - 1 - y) * stride + x] = rgb[3 * (y * side + Math.floor(x / 3)) + 2 - (x % 3)]
  return out
}

interface BmpOptions {
  width: number
  /** Less than nothing: rows from above. */
  height: number
  bits: number
  /** 0: none, 1 and 2: runs, 3: masks. */
  packing?: number
  /** Bytes between the header and the pixels: palette or masks. */
  between?: readonly number[]
  /** How many bytes of pixels follow. */
  pixels: number
}

/** A bitmap whose pixels are yet to be written, from the byte 54 + `between` on. */
export function bmpHeader({ width, height, bits, packing = 0, between = [], pixels }: BmpOptions): Uint8Array {
  const offset = 54 + between.length
  const out = Buffer.alloc(offset + pixels)
  out.write('BM', 'latin1')
  out.writeUInt32LE(out.length, 2)
  out.writeUInt32LE(offset, 10)
  out.writeUInt32LE(40, 14)
  out.writeInt32LE(width, 18)
  out.writeInt32LE(height, 22)
  out.writeUInt16LE(1, 26)
  out.writeUInt16LE(bits, 28)
  out.writeUInt32LE(packing, 30)
  out.writeUInt32LE(pixels, 34)
  if (bits <= 8) out.writeUInt32LE(between.length / 4, 46)
  out.set(between, 54)
  return out
}

/**
 * Grey pixels of 12 x 12 as a plain TIFF, little-endian.
 * @param format 1: whole numbers, 2: with a sign, 3: fractions
 * @param pages the same picture so many times
 */
export function tiffOf(pixels: Uint8Array, bits: number, format: 1 | 2 | 3, pages = 1): Uint8Array {
  const tags: readonly (readonly [tag: number, value: number])[] = [
    [256, 12],
    [257, 12],
    [258, bits],
    [259, 1],
    [262, 1],
    [273, 8],
    [277, 1],
    [278, 12],
    [279, pixels.length],
    [339, format],
  ]
  const size = 2 + 12 * tags.length + 4
  const out = Buffer.alloc(8 + pixels.length + pages * size)
  out.write('II*\0', 'latin1')
  out.set(pixels, 8)
  for (let page = 0, link = 4; page < pages; page++) {
    const at = 8 + pixels.length + page * size
    out.writeUInt32LE(at, link)
    out.writeUInt16LE(tags.length, at)
    for (const [i, [tag, value]] of tags.entries()) {
      out.writeUInt16LE(tag, at + 2 + 12 * i)
      out.writeUInt16LE(4, at + 4 + 12 * i)
      out.writeUInt32LE(1, at + 6 + 12 * i)
      out.writeUInt32LE(value, at + 10 + 12 * i)
    }
    link = at + size - 4
  }
  return out
}

export const shapeNames = ['bar', 'beam', 'block'] as const

/** Class folders of drawn shapes. */
export async function classFolders(
  count: number,
  { kind = 'png', colour = false, prefix = '' }: { kind?: Kind; colour?: boolean; prefix?: string } = {},
): Promise<Sample[]> {
  const files: Sample[] = []
  for (const [label, name] of shapeNames.entries()) {
    for (let i = 0; i < count; i++) {
      const bytes = await picture(kind, label, i, colour ? [0.9, 0.4 + 0.1 * label, 0.2] : undefined)
      files.push({ name: `${prefix}${name}/${i}.${kind}`, bytes })
    }
  }
  return files
}
