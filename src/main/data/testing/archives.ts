/** Archives made for tests, with whatever they should not have. */
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Header } from 'tar-stream'
import yazl from 'yazl'
import type { Sample } from './samples.ts'

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** @param mode of the entries, with the file type: links and devices can be said so */
export function zipOf(files: readonly (Sample & { mode?: number })[]): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const { name, bytes, mode } of files) {
    zip.addBuffer(Buffer.from(bytes), name, { mode: mode ?? 0o100644, mtime: new Date(0) })
  }
  zip.end()
  return collect(zip.outputStream)
}

/** A zip whose names were changed afterwards, to others of the same length: libraries refuse to write such names. */
export async function zipRenamed(files: readonly Sample[], from: string, to: string): Promise<Buffer> {
  if (from.length !== to.length) throw new Error('Names must have the same length.')
  const zip = await zipOf(files)
  for (let at = zip.indexOf(from); at >= 0; at = zip.indexOf(from, at + 1)) zip.write(to, at, 'latin1')
  return zip
}

export function tarOf(files: readonly (Sample & Partial<Header>)[]): Promise<Buffer> {
  const tar = pack()
  for (const { bytes, ...header } of files) {
    const special = header.type !== undefined && header.type !== 'file'
    if (special) tar.entry({ ...header, size: 0 })
    else tar.entry({ mtime: new Date(0), ...header, size: bytes.length }, Buffer.from(bytes))
  }
  tar.finalize()
  return collect(tar)
}

export async function tarGzOf(files: readonly (Sample & Partial<Header>)[]): Promise<Buffer> {
  return gzipSync(await tarOf(files))
}
