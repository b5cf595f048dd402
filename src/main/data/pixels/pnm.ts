/** PGM and PPM images (Netpbm), as faces and traffic signs were published: binary, of 8 bits. */
import type { Pixels } from './resize.ts'

/** Whether bytes begin as such an image does. */
export function isPnm(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36) && /^\s$/.test(String.fromCharCode(bytes[2] ?? 0))
}

/** Bytes within which a header ends. */
const longestHeader = 4096

/** @throws Error saying what is wrong */
export function readPnmHeader(bytes: Uint8Array): { height: number; width: number; colour: boolean; most: number; offset: number } {
  const text = Buffer.from(bytes.subarray(0, longestHeader)).toString('latin1')
  // Remarks go from # to the end of their line; one blank stands before the pixels.
  const blank = String.raw`(?:\s|#[^\n]*\n)+`
  const found = new RegExp(`^P[56]${blank}(\\d{1,9})${blank}(\\d{1,9})${blank}(\\d{1,5})\\s`).exec(text)
  if (found === null) throw new Error('its header is damaged')
  const [width, height, most] = found.slice(1).map(Number)
  if (most > 255) throw new Error('it is a PGM or PPM of 16 bits; 8 bits are read')
  if (width === 0 || height === 0 || most === 0) throw new Error(`its header declares ${height} x ${width} pixels up to ${most}`)
  return { height, width, colour: bytes[1] === 0x36, most, offset: found[0].length }
}

/** @throws Error saying what is wrong */
export function readPnm(bytes: Uint8Array): Pixels {
  const { height, width, colour, most, offset } = readPnmHeader(bytes)
  const channels = colour ? 3 : 1
  const length = height * width * channels
  if (bytes.length < offset + length) throw new Error(`it ends after ${bytes.length - offset} of ${length} bytes of pixels`)
  const pixels = bytes.slice(offset, offset + length)
  const data = most === 255 ? pixels : pixels.map((value) => Math.round((255 * Math.min(value, most)) / most))
  return { data, height, width, channels }
}
