/** Unpacks a tar archive, plain or gzip, without trusting it. */
import { Readable } from 'node:stream'
import { extract, type Header } from 'tar-stream'
import { badInput, damaged } from '../bad-input.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { outOfGzip } from './gzip.ts'
import { entryPath, onceEach } from './names.ts'
import type { TempFile } from './temp-file.ts'
import type { TreeFile } from './tree-file.ts'

/** Whether bytes (512 at least) begin as a tar archive does: by its magic, or by its first header's checksum. */
export function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false
  const field = (from: number, to: number) => Buffer.from(head.subarray(from, to)).toString('latin1')
  if (field(257, 262) === 'ustar') return true
  const declared = Number.parseInt(field(148, 156).replace(/[\0 ]+$/, ''), 8)
  const sum = head.subarray(0, 512).reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0)
  return declared > 0 && declared === sum
}

/**
 * Every file in it.
 * @param bytes of the archive, already out of gzip
 * @param name for errors, and what the paths of its files begin with
 * @throws LabError `bad-input`
 */
export async function unpackTar(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  tempFile: TempFile,
  context: ImportContext,
): Promise<TreeFile[]> {
  // Archives from before POSIX have no magic word; their headers have a checksum all the same. (The types do not know the option.)
  const reading = extract({ allowUnknownFormat: true } as Parameters<typeof extract>[0])
  const source = Readable.from(bytes, { objectMode: false })
  source.on('error', (error) => reading.destroy(error))
  source.pipe(reading)
  const files: TreeFile[] = []
  const note = onceEach(name)
  let seen = 0
  try {
    for await (const entry of reading) {
      throwIfCancelled(context)
      if (++seen > context.limits.entries)
        throw badInput(name, `it has more than ${context.limits.entries} entries.`, 'Give a smaller archive.')
      const path = pathOf(entry.header, name)
      if (path === null) {
        entry.resume()
        continue
      }
      note(path)
      tempFile.expect(name, entry.header.size ?? 0)
      files.push(await tempFile.add(`${name}/${path}`, outOfGzip(entry as AsyncIterable<Uint8Array>, path), name))
      context.progress({ note: `unpacking ${name}`, done: files.length, total: 0 })
    }
  } catch (error) {
    throw damaged(error, name, `the tar archive is damaged after ${seen} entries`)
  } finally {
    source.destroy()
    reading.destroy()
  }
  return files
}

/** @returns the path of a file; null: it is nothing to unpack */
function pathOf({ name, type }: Header, archive: string): string | null {
  // The folder that was packed is an entry of its own.
  if (type === 'directory' && /^[./]*$/.test(name) && !name.includes('..')) return null
  return entryPath(archive, name, kinds.get(type) ?? 'a device, pipe or other special file')
}

const kinds: ReadonlyMap<Header['type'], string> = new Map([
  ['file', 'a file'],
  ['contiguous-file', 'a file'],
  ['directory', 'a folder'],
  ['link', 'a link'],
  ['symlink', 'a link'],
])
