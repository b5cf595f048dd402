/** Unpacks a zip archive without trusting it. */
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { badInput, damaged } from '../bad-input.ts'
import { plural } from '../../../shared/wording.ts'
import type { Encoding } from '../../../shared/import-options.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { outOfGzip } from './gzip.ts'
import { entryPath, onceEach, shown } from './names.ts'
import type { TempFile } from './temp-file.ts'
import type { TreeFile } from './tree-file.ts'

/** Whether bytes begin as a zip archive does (an empty one too). */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
}

/** Names of entries that do not say their encoding and are not in UTF-8. */
export interface OddNames {
  /** What the person says that they are in; undefined: the code page of DOS, as the format has it. */
  encoding: Encoding | undefined
  /** Their bytes, and what they were taken for. */
  found: { bytes: Uint8Array; name: string }[]
}

/**
 * Every file in it. Names, kinds and sizes of all entries are checked before anything is unpacked.
 * @param path on the disk
 * @param name for errors, and what the paths of its files begin with
 * @throws LabError `bad-input`
 */
export async function unpackZip(
  path: string,
  name: string,
  odd: OddNames,
  tempFile: TempFile,
  context: ImportContext,
): Promise<TreeFile[]> {
  try {
    const zip = await yauzl.openPromise(path, { autoClose: false, decodeStrings: false })
    try {
      return await unpackEntries(zip, name, odd, tempFile, context)
    } finally {
      zip.close()
    }
  } catch (error) {
    throw damaged(error, name, 'the zip archive is damaged')
  }
}

async function unpackEntries(zip: ZipFile, name: string, odd: OddNames, tempFile: TempFile, context: ImportContext): Promise<TreeFile[]> {
  const { entries: most } = context.limits
  if (zip.entryCount > most)
    throw badInput(name, `it has ${plural(zip.entryCount, 'entry', 'entries')}; at most ${most} are looked at.`, 'Give a smaller archive.')
  const wanted: { path: string; entry: Entry }[] = []
  let declared = 0
  let seen = 0
  for await (const entry of zip.eachEntry()) {
    throwIfCancelled(context)
    if (++seen > most) throw badInput(name, `it has more than ${most} entries.`, 'Give a smaller archive.')
    const path = checkEntry(entry, name, odd)
    if (path === null) continue
    declared += entry.uncompressedSize
    wanted.push({ path, entry })
  }
  tempFile.expect(name, declared)
  const note = onceEach(name)
  for (const { path } of wanted) note(path)
  const files: TreeFile[] = []
  for (const { path, entry } of wanted) {
    const stream = await zip.openReadStreamPromise(entry)
    files.push(await tempFile.add(`${name}/${path}`, outOfGzip(checked(stream, entry, `${name}: ${shown(path)}`), path), name))
    context.progress({ note: `unpacking ${name}`, done: files.length, total: wanted.length })
  }
  return files
}

/** @returns the path of a file; null: it is nothing to unpack */
function checkEntry(entry: Entry, archive: string, odd: OddNames): string | null {
  const raw = nameOf(entry, odd)
  const path = entryPath(archive, raw, raw.endsWith('/') ? 'a folder' : kindOf(entry))
  if (path === null) return null
  if (entry.isEncrypted())
    throw badInput(archive, `its entry "${shown(raw)}" is encrypted.`, 'Unpack it with its password, and give the folder.')
  if (!entry.canDecodeFileData())
    throw badInput(
      archive,
      `its entry "${shown(raw)}" is packed by method ${entry.compressionMethod}; stored (0) and deflate (8) are read.`,
      'Unpack it yourself, and give the folder.',
    )
  return path
}

/** Extra field with a name in UTF-8. */
const unicodePath = 0x7075
/** Bit of an entry that says that its name is in UTF-8. */
const isUtf8 = 0x800

/**
 * An entry's name. By the book it is in the code page of DOS where no flag says otherwise; but macOS and most
 * of Unix write UTF-8 and no flag, and what reads as UTF-8 is hardly ever anything else.
 */
function nameOf({ generalPurposeBitFlag: flags, fileNameRaw: bytes, extraFields }: Entry, { encoding, found }: OddNames): string {
  const says = (flags & isUtf8) !== 0 || extraFields.some(({ id }) => id === unicodePath)
  if (!says) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      // Windows writes what it writes itself.
    }
    if (encoding !== undefined) return new TextDecoder(encoding).decode(bytes)
  }
  const name = yauzl.getFileNameLowLevel(flags, bytes, extraFields, false)
  if (!says) found.push({ bytes, name })
  return name
}

/** What an entry is, by its Unix mode, where it has one. */
function kindOf({ versionMadeBy, externalFileAttributes }: Entry): string {
  const type = versionMadeBy >> 8 === 3 ? (externalFileAttributes >>> 28) & 0xf : 0
  return type === 0 || type === 8 ? 'a file' : type === 4 ? 'a folder' : type === 0xa ? 'a link' : 'a device or pipe'
}

/** The bytes of an entry, whose checksum must be that of the archive. yauzl compares their number. */
async function* checked(stream: AsyncIterable<Uint8Array>, entry: Entry, name: string): AsyncGenerator<Uint8Array> {
  let sum = 0
  for await (const chunk of stream) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw badInput(name, `its checksum is ${hex(sum)}, not ${hex(entry.crc32)} as the archive says: it is damaged.`)
}

function hex(sum: number): string {
  return (sum >>> 0).toString(16).padStart(8, '0')
}
