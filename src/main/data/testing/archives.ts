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

/**
 * @param files `mode` with the file type: links and devices can be said so; `compress`: all are packed at once, which of very many
 * takes gigabytes
 */
export function zipOf(files: readonly (Sample & { mode?: number; compress?: boolean })[]): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const { name, bytes, mode, compress = true } of files) {
    zip.addBuffer(Buffer.from(bytes), name, { mode: mode ?? 0o100644, mtime: new Date(0), compress })
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

/** A zip that does not say in what code its names are; in it they are UTF-8, or what `encode` makes of them. */
export async function zipUnflagged(files: readonly Sample[], encode?: { from: string; to: Uint8Array }): Promise<Buffer> {
  const zip = await zipOf(files)
  const heads = [
    { signature: 'PK\u0001\u0002', flags: 8 },
    { signature: 'PK\u0003\u0004', flags: 6 },
  ]
  for (const { signature, flags } of heads)
    for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 4))
      zip.writeUInt16LE(zip.readUInt16LE(at + flags) & ~0x800, at + flags)
  if (encode !== undefined) for (let at = zip.indexOf(encode.from); at >= 0; at = zip.indexOf(encode.from, at + 1)) zip.set(encode.to, at)
  return zip
}

/** A tar archive as they were before POSIX: no magic word, no kinds but files. */
export async function oldTarOf(files: readonly Sample[]): Promise<Buffer> {
  const tar = await tarOf(files)
  for (let at = 0; tar[at] !== 0; at += 512 + Math.ceil(Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8) / 512) * 512) {
    tar.fill(0, at + 257, at + 512)
    tar.write('        ', at + 148)
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148)
  }
  return tar
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
