/** PNG, JPEG, WebP, TIFF, GIF, BMP, PGM and PPM images: dimensions first, pixels when they are known to be few enough. */
import type { ImportPlan } from '../../../shared/dataset-import.ts'
import { errorText } from '../bad-input.ts'
import { isBmp, readBmp, readBmpHeader } from './bmp.ts'
import { isPnm, readPnm, readPnmHeader } from './pnm.ts'
import { planned, toPlan, white } from './resize.ts'
import { toBytes, type Scale } from './scale.ts'
import { vips } from './vips.ts'

export interface ImageHeader {
  /** Pixels, as the image is meant to be looked at. */
  height: number
  width: number
  /** 1: grey, 3: colour. */
  channels: 1 | 3
  /** Pictures in the file, of which the first is read. */
  pages: number
  /** Pixels are numbers of 16 bits, whose range is to be found. */
  deep: boolean
  /** It may be transparent in places. */
  clear: boolean
}

/** Kinds of numbers that pixels may be; what else there is (TIFF has fractions and signs) has no known range. */
const depths = new Set(['uchar', 'ushort'])

/** What an image's first bytes say it is. */
function kindOf(bytes: Uint8Array): 'bmp' | 'pnm' | 'vips' | null {
  const begins = (...head: number[]) => head.every((byte, i) => bytes[i] === byte)
  if (isBmp(bytes)) return 'bmp'
  if (isPnm(bytes)) return 'pnm'
  if (begins(0x89, 0x50, 0x4e, 0x47) || begins(0xff, 0xd8, 0xff)) return 'vips'
  if (begins(0x47, 0x49, 0x46, 0x38)) return 'vips'
  if (begins(0x52, 0x49, 0x46, 0x46) && String.fromCharCode(...bytes.subarray(8, 12)) === 'WEBP') return 'vips'
  if (begins(0x49, 0x49, 0x2a, 0) || begins(0x4d, 0x4d, 0, 0x2a) || begins(0x49, 0x49, 0x2b, 0) || begins(0x4d, 0x4d, 0, 0x2b))
    return 'vips'
  return null
}

/** What is no picture, where that can be told. */
function whatElse(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty'
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1').trimStart().toLowerCase()
  if (head.startsWith('<!doctype html') || head.startsWith('<html')) return "it is a web page, saved under a picture's name"
  if (/^p[1-4]\s/.test(head)) return 'it is a PBM, or a PGM or PPM written as text; binary PGM and PPM are read'
  return 'it is no PNG, JPEG, WebP, TIFF, GIF or BMP'
}

/** Whether bytes begin as an image does that is read here. */
export function isImage(head: Uint8Array): boolean {
  return kindOf(head) !== null
}

/**
 * Size of an image, from its header alone.
 * @param most pixels
 * @throws Error saying what is wrong
 */
export async function readImageHeader(bytes: Uint8Array, most: number): Promise<ImageHeader> {
  const kind = kindOf(bytes)
  if (kind === null) throw new Error(whatElse(bytes))
  if (kind !== 'vips') {
    const { height, width, colour } = kind === 'bmp' ? readBmpHeader(bytes) : readPnmHeader(bytes)
    return checked({ height, width, channels: colour ? 3 : 1, pages: 1, deep: false, clear: false }, most)
  }
  const { autoOrient, space, depth, pages, hasAlpha } = await explained(vips(bytes, { limitInputPixels: false }).metadata())
  const { height, width } = autoOrient
  if (!depths.has(depth)) throw new Error(`its pixels are of the type ${depth}; whole numbers of 8 and 16 bits are read`)
  return checked(
    {
      height,
      width,
      channels: space === 'b-w' || space === 'grey16' ? 1 : 3,
      pages: pages ?? 1,
      deep: depth === 'ushort',
      clear: hasAlpha,
    },
    most,
  )
}

/**
 * An image as planned: upright, on a background where it is transparent.
 * @param header of it
 * @param scale of its numbers; null: bytes as they are
 * @param background a colour
 * @throws Error saying what is wrong
 */
export async function readImage(
  bytes: Uint8Array,
  header: ImageHeader,
  plan: ImportPlan,
  most: number,
  scale: Scale | null,
  background = white,
): Promise<Uint8Array> {
  if (isBmp(bytes)) return scaled(await toPlan(readBmp(bytes), plan), scale)
  if (isPnm(bytes)) return scaled(await toPlan(readPnm(bytes), plan), scale)
  if (header.deep && scale !== null)
    return toPlan({ ...header, data: toBytes(await readDeep(bytes, header, most, background), scale) }, plan)
  const image = vips(bytes, { limitInputPixels: most, failOn: 'error' }).autoOrient()
  return scaled(await explained(planned(image, plan, header.height, header.width, background)), scale)
}

function scaled(pixels: Uint8Array, scale: Scale | null): Uint8Array {
  return scale === null ? pixels : toBytes(pixels, scale)
}

/** uint16 [height, width, channels]: the numbers of an image of 16 bits, on a background where it is transparent. @throws Error saying what is wrong */
export async function readDeep(bytes: Uint8Array, { channels }: ImageHeader, most: number, background = white): Promise<Uint16Array> {
  const image = vips(bytes, { limitInputPixels: most, failOn: 'error' }).autoOrient().flatten({ background })
  const data = await explained(
    image
      .toColourspace(channels === 1 ? 'grey16' : 'rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer(),
  )
  return new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
}

function checked(header: ImageHeader, most: number): ImageHeader {
  const { height, width } = header
  if (height * width > most) throw new Error(`it has ${height} x ${width} pixels; at most ${Math.floor(most / 1e6)} million are read`)
  return header
}

async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Error(`it cannot be decoded (${errorText(error)})`, { cause: error })
  }
}
