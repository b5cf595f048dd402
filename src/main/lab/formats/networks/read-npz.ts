/** Arrays of an NPZ file of anyone's: a zip of NPY files. Nothing is unpacked onto the disk, whatever its entries are called. */
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { badInput, damaged } from '../../../data/bad-input.ts'
import { readNpyHeader } from '../../../data/formats/npy/npy-header.ts'
import { isText, numbersOf } from '../../../data/formats/numbers/array-header.ts'
import { strided, stridesOf } from '../strided.ts'
import { requireRoom, toFloat32, type FileContents } from './file-arrays.ts'
import { notFloat, passedOver } from './read-safetensors.ts'

/** Arrays of one file. */
const maxEntries = 100_000
/** Characters of a text: the layout of a large target. */
const longestText = 1_000_000

/** @throws LabError `bad-input` */
export async function readNpz(file: string, bytes: Uint8Array): Promise<FileContents> {
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { decodeStrings: false })
    const texts = new Map<string, string>()
    const contents: FileContents = { arrays: [], texts, converted: new Set(), isSorted: false }
    let declared = 0
    if (zip.entryCount > maxEntries) throw badInput(file, `it has ${zip.entryCount} arrays; at most ${maxEntries} are read.`)
    for await (const entry of zip.eachEntry()) {
      declared += entry.uncompressedSize
      requireRoom(file, declared / 4)
      const name = Buffer.from(entry.fileNameRaw)
        .toString('utf8')
        .replace(/\.npy$/, '')
      read(file, name, await unpacked(zip, entry, `${file}: ${name}`), contents, texts)
    }
    return contents
  } catch (error) {
    throw damaged(error, file, 'it is damaged or no NPZ file', 'Save it again, with numpy.savez.')
  }
}

async function unpacked(zip: ZipFile, entry: Entry, name: string): Promise<Uint8Array> {
  if (entry.isEncrypted()) throw badInput(name, 'it is encrypted.', 'Save it without a password.')
  const bytes = new Uint8Array(entry.uncompressedSize)
  let done = 0
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>) {
    bytes.set(chunk, done)
    done += chunk.length
  }
  if (crc32(bytes) !== entry.crc32) throw badInput(name, 'its checksum is not that of the archive: it is damaged.')
  return bytes
}

function read(file: string, name: string, bytes: Uint8Array, contents: FileContents, texts: Map<string, string>): void {
  const header = readNpyHeader(bytes, bytes.length, `${file}: ${name}`, longestText)
  const { kind, size, shape, offset } = header
  const raw = bytes.slice(offset)
  if (isText(header)) {
    if (shape.length === 0) texts.set(name, textOf(kind, raw))
    return
  }
  if (kind !== 'f') {
    if (!passedOver.test(name)) throw notFloat(file, name, `${kind}${8 * size}`)
    return
  }
  // In the order of bytes that safetensors has, of which the names of the types are.
  const inOrder = numbersOf(raw, header) as Float16Array | Float32Array | Float64Array
  const values = toFloat32(`F${8 * size}`, new Uint8Array(inOrder.buffer, inOrder.byteOffset, inOrder.byteLength), contents)!
  contents.arrays.push({ name, shape, values: header.fortran ? strided(values, shape, stridesOf(shape.toReversed()).reverse()) : values })
}

function textOf(kind: string, raw: Uint8Array): string {
  const text = kind === 'U' ? charactersOf(raw) : Buffer.from(raw).toString('latin1')
  return text.replace(/\0+$/, '')
}

const charactersOf = (raw: Uint8Array): string =>
  Array.from(new Uint32Array(Uint8Array.from(raw).buffer), (point) => (point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point))).join('')
