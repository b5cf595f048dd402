/**
 * The NPY format: a magic word, a version, the length of the header, the header (a Python dictionary
 * with dtype, order and shape), then the numbers. Only plain numbers and texts are read; pickled objects never.
 */
import { badInput } from '../../bad-input.ts'
import { shown } from '../../tree/names.ts'
import { isText, type ArrayHeader } from '../numbers/array-header.ts'

/** Bytes of the longest header that is read; numpy's own are 118 or a little more. */
const longestText = 1 << 16
/** Bytes with which every header can be read. */
export const headerBytes = longestText + 12

/** Characters of the longest texts that are read. */
const maxCharacters = 1024

/** Whether bytes begin as an NPY file does. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return head[0] === 0x93 && Buffer.from(head.subarray(1, 6)).toString('latin1') === 'NUMPY'
}

/**
 * @param bytes the first ones, {@link headerBytes} of them or all there are
 * @param fileSize bytes of the whole file, which must be just what the header says
 * @param longest characters of the longest texts that are read
 * @throws LabError `bad-input` naming the file and what was found
 */
export function readNpyHeader(bytes: Uint8Array, fileSize: number, name: string, longest = maxCharacters): ArrayHeader {
  if (!looksLikeNpy(bytes)) throw badInput(name, 'it is no NPY file: it does not begin with \\x93NUMPY.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const major = bytes[6]
  if (!(major >= 1 && major <= 3)) throw badInput(name, `it has version ${major} at byte 6; 1 to 3 are read.`)
  const begin = major === 1 ? 10 : 12
  if (bytes.length < begin) throw badInput(name, `it ends at byte ${bytes.length}, within its beginning of ${begin} bytes.`)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestText) throw badInput(name, `its header has ${length} bytes, by byte 8; at most ${longestText} are read.`)
  const offset = begin + length
  if (bytes.length < offset) throw badInput(name, `it ends at byte ${bytes.length}, within its header of ${offset} bytes.`)
  const text = Buffer.from(bytes.subarray(begin, offset)).toString('latin1')
  const { kind, size, bigEndian } = readType(text, name, longest)
  const shape = readShape(text, name)
  const needed = shape.reduce((a, b) => a * b, size)
  if (offset + needed !== fileSize)
    throw badInput(
      name,
      `its header declares ${shape.join(' x ')} ${isText({ kind }) ? 'texts' : 'numbers'} of ${size} bytes, ${needed} in all, but ${fileSize - offset} follow.`,
    )
  return { kind, size, bigEndian, shape, fortran: shape.length > 1 && /'fortran_order':\s*True/.test(text), offset }
}

function readType(text: string, name: string, longest: number): Pick<ArrayHeader, 'kind' | 'size' | 'bigEndian'> {
  const type = /'descr':\s*'([^']{1,100})'/.exec(text)?.[1]
  const [, order, kind, size] = /^([<>|=]?)([biuf])([1248])$/.exec(type ?? '') ?? []
  const known = kind !== undefined && (kind === 'b' ? size === '1' : kind !== 'f' || size !== '1')
  if (known) return { kind: kind as ArrayHeader['kind'], size: Number(size), bigEndian: order === '>' }
  const [, textOrder, textKind, characters] = /^([<>|=]?)([US])(\d{1,9})$/.exec(type ?? '') ?? []
  if (textKind !== undefined) {
    const most = Number(characters)
    if (most > longest) throw badInput(name, `it holds texts of ${most} characters; at most ${longest} are read.`)
    return { kind: textKind as ArrayHeader['kind'], size: most * (textKind === 'U' ? 4 : 1), bigEndian: textOrder === '>' }
  }
  if (type?.includes('O') === true)
    throw badInput(
      name,
      'it holds pickled Python objects, which could run anything: they are never read.',
      'Save plain arrays of numbers (np.savez with arrays that are not dtype=object).',
    )
  const fields = [...(/'descr':\s*\[(.*?)\]/.exec(text)?.[1] ?? '').matchAll(/\('([^']{1,40})'/g)].map(([, field]) => shown(field))
  if (fields.length > 0)
    throw badInput(
      name,
      `it is a structured array, of records with the fields ${fields.slice(0, 8).join(', ')}; plain arrays are read.`,
      `Save its fields by themselves, in Python: a = np.load("set.npy"); np.savez("set.npz", images=a["${fields[0]}"], labels=a["${fields[1] ?? 'label'}"]).`,
    )
  const found = type ?? /'descr':\s*(.{0,60})/.exec(text)?.[1] ?? 'none'
  throw badInput(name, `its dtype is ${shown(found)}; b, i, u, f, U and S are read.`, 'Save it as plain numbers, such as uint8 or float32.')
}

function readShape(text: string, name: string): number[] {
  const inner = /'shape':\s*\(([\d\s,L]{0,200})\)/.exec(text)?.[1]
  if (inner === undefined) throw badInput(name, 'its header does not say a shape.')
  const shape = inner
    .split(',')
    .map((split) => split.trim().replace(/L$/, ''))
    .filter((split) => split !== '')
    .map(Number)
  if (shape.length > 8 || shape.some((side) => !Number.isSafeInteger(side))) throw badInput(name, `its shape is (${shown(inner)}).`)
  return shape
}
