/**
 * Unpacks MATLAB's files of version 5 to 7.2: each array of numbers, also of structs, becomes a file as numpy keeps it, with
 * the first index fastest. A file is a row of elements (type, length, bytes), most of them packed by zlib; of none more
 * than its tags and names is held in memory.
 */
import { badInput } from '../bad-input.ts'
import type { ImportContext } from '../context.ts'
import { npyHeader } from '../formats/npy/write-npy.ts'
import { ByteStream } from './byte-stream.ts'
import { inflated } from './gzip.ts'
import type { TempFile } from './temp-file.ts'
import type { TreeFile } from './tree-file.ts'

const magic = 'MATLAB 5.0 MAT-file'
const headBytes = 128
const matrixType = 14
const packedType = 15
/** numpy's kinds and sizes of the types of elements. */
const numberTypes: Readonly<Record<number, `${'i' | 'u' | 'f'}${number}`>> = {
  1: 'i1',
  2: 'u1',
  3: 'i2',
  4: 'u2',
  5: 'i4',
  6: 'u4',
  7: 'f4',
  9: 'f8',
  12: 'i8',
  13: 'u8',
}
/** Of classes of arrays, numbers are these; what the others are, where they are known. */
const [firstNumbers, lastNumbers] = [6, 15]
const structClass = 2
const classWords: Readonly<Record<number, string>> = { 1: 'a cell array', 3: 'an object', 4: 'text', 5: 'a sparse array' }
const complexFlag = 0x800
const logicalFlag = 0x200
/** Structs within structs; arrays in a file. */
const deepest = 8
const mostArrays = 1000

/** Whether a file begins as these do. */
export async function isMat(file: TreeFile): Promise<boolean> {
  return file.ending === '.mat' && Buffer.from(await file.head(magic.length)).toString('latin1') === magic
}

/** @param notes gets what is no array of numbers @throws LabError `bad-input` naming the byte or the array */
export async function unpackMat(file: TreeFile, tempFile: TempFile, notes: string[], context: ImportContext): Promise<TreeFile[]> {
  const mat = new MatFile(file, tempFile, (await file.slice(0, headBytes))[headBytes - 2] === 0x4d)
  for (let at = headBytes; at < file.size;) {
    context.progress({ note: `unpacking ${file.path}`, done: at, total: file.size })
    at = await mat.unpackAt(at)
  }
  if (mat.files.length === 0)
    throw badInput(
      file.path,
      `it holds no array of numbers${mat.unread.length === 0 ? '' : `, but ${mat.unread.join(', ')}`}.`,
      'Save images and labels as plain arrays of numbers: save("set.mat", "X", "y").',
    )
  if (mat.unread.length > 0) notes.push(`Not read of ${file.path}: ${mat.unread.join(', ')}.`)
  return mat.files
}

class MatFile {
  readonly files: TreeFile[] = []
  /** What is no array of numbers, in words. */
  readonly unread: string[] = []
  readonly #file: TreeFile
  readonly #tempFile: TempFile
  readonly #bigEndian: boolean

  constructor(file: TreeFile, tempFile: TempFile, bigEndian: boolean) {
    this.#file = file
    this.#tempFile = tempFile
    this.#bigEndian = bigEndian
  }

  /** @returns where the next element begins */
  async unpackAt(at: number): Promise<number> {
    const tag = await this.#file.slice(at, 8)
    const [type, length] = [this.#u32(tag), this.#u32(tag, 4)]
    const end = at + 8 + length
    if (end > this.#file.size)
      throw badInput(this.#file.path, `the element at byte ${at} declares ${length} bytes, but ${this.#file.size - at - 8} follow.`)
    const bytes = this.#file.pieces(at + 8, undefined, end)
    if (type === matrixType) await this.#unpackMatrix(new ByteStream(bytes, this.#file.path), length, '', 0)
    else if (type === packedType) {
      const stream = new ByteStream(inflated(bytes, this.#file.path), this.#file.path)
      const inner = await stream.take(8)
      if (this.#u32(inner) !== matrixType) throw badInput(this.#file.path, `the element at byte ${at} is no array.`)
      this.#tempFile.expect(this.#file.path, this.#u32(inner, 4))
      await this.#unpackMatrix(stream, this.#u32(inner, 4), '', 0)
      await stream.expectEnd()
    }
    return end
  }

  /** @param length bytes of it @param within path of the struct that it is in */
  async #unpackMatrix(stream: ByteStream, length: number, within: string, depth: number, field?: string): Promise<void> {
    const end = stream.position + length
    if (length > 0) await this.#unpackBody(stream, within, depth, field)
    if (stream.position > end) throw badInput(this.#file.path, `an array has more bytes than the ${length} it declares.`)
    await stream.skip(end - stream.position)
  }

  async #unpackBody(stream: ByteStream, within: string, depth: number, field?: string): Promise<void> {
    const flags = await this.#small(stream)
    const dims = await this.#small(stream)
    const own = Buffer.from(await this.#small(stream)).toString('latin1')
    const name = `${within}${field ?? own}`
    if (!/^\w{1,64}$/.test(field ?? own) || flags.length !== 8 || dims.length < 8 || dims.length > 32)
      throw badInput(this.#file.path, 'an array has no sound name or shape.')
    const kind = this.#u32(flags)
    const shape = Array.from({ length: dims.length / 4 }, (_, i) => this.#u32(dims, 4 * i))
    const count = shape.reduce((a, b) => a * b, 1)
    const type = kind & 0xff
    if (type === structClass && count === 1 && depth < deepest) return this.#unpackFields(stream, `${name}/`, depth)
    const isNumbers = type >= firstNumbers && type <= lastNumbers && (kind & complexFlag) === 0 && count > 0
    if (isNumbers) return this.#unpackNumbers(stream, name, shape, count, (kind & logicalFlag) !== 0)
    if (this.unread.length < 20) this.unread.push(`${name} (${classWords[type] ?? 'no plain array of numbers'})`)
  }

  async #unpackFields(stream: ByteStream, within: string, depth: number): Promise<void> {
    const each = this.#u32(await this.#small(stream))
    const names = Buffer.from(await this.#small(stream)).toString('latin1')
    if (each < 1 || names.length % each !== 0) throw badInput(this.#file.path, `the struct ${within.slice(0, -1)} has no sound names.`)
    for (let at = 0; at < names.length; at += each) {
      const tag = await stream.take(8)
      if (this.#u32(tag) !== matrixType) throw badInput(this.#file.path, `the struct ${within.slice(0, -1)} holds what is no array.`)
      await this.#unpackMatrix(stream, this.#u32(tag, 4), within, depth + 1, names.slice(at, at + each).replace(/\0.*$/s, ''))
    }
  }

  async #unpackNumbers(stream: ByteStream, name: string, shape: readonly number[], count: number, logical: boolean): Promise<void> {
    const { type, length, inline } = await this.#tag(stream)
    const numbers = numberTypes[type]
    const size = Number(numbers?.[1])
    if (numbers === undefined || length !== count * size)
      throw badInput(this.#file.path, `${name} declares ${shape.join(' x ')} numbers, but has ${length} bytes of type ${type}.`)
    if (this.files.length === mostArrays)
      throw badInput(this.#file.path, `it has more than ${mostArrays} arrays.`, 'Save only the images and labels.')
    const order = size === 1 ? '|' : this.#bigEndian ? '>' : '<'
    const plain = shape.filter((side) => side !== 1)
    // A column, or a row, is a list.
    const header = npyHeader(logical && size === 1 ? '|b1' : `${order}${numbers}`, plain.length < 2 ? [count] : shape, plain.length > 1)
    const bytes = inline === null ? stream.pieces(length) : [inline]
    const whole = (async function* () {
      yield header
      yield* bytes
    })()
    this.files.push(await this.#tempFile.add(`${this.#file.path}/${name}.npy`, whole, this.#file.path))
  }

  /** Up to four bytes may stand within the tag itself. */
  async #tag(stream: ByteStream): Promise<{ type: number; length: number; inline: Uint8Array | null }> {
    const tag = await stream.take(8)
    const first = this.#u32(tag)
    const short = first >>> 16
    if (short > 4) throw badInput(this.#file.path, `an element within an array declares ${short} bytes in its tag, which has room for 4.`)
    if (short > 0) return { type: first & 0xffff, length: short, inline: tag.subarray(4, 4 + short) }
    return { type: first, length: this.#u32(tag, 4), inline: null }
  }

  /** The bytes of an element that is no array; it fills a multiple of eight. */
  async #small(stream: ByteStream): Promise<Uint8Array> {
    const { length, inline } = await this.#tag(stream)
    if (inline !== null) return inline
    const bytes = await stream.take(length)
    await stream.skip(-length & 7)
    return bytes
  }

  #u32(bytes: Uint8Array, at = 0): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return at + 4 > bytes.length ? 0 : view.getUint32(at, !this.#bigEndian)
  }
}
