/** Unpacks gzip as a stream; its checksum is compared by zlib. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { damaged } from '../bad-input.ts'

/** Whether bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * What a gzip file unpacks to, in pieces of at most 64 KiB.
 * @param path on the disk
 * @throws LabError `bad-input` naming the file
 */
export async function* gunzipped(path: string, name: string): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip({ chunkSize: 1 << 16 })
  // What fails upstream reaches the reader through the last stream.
  pipeline(createReadStream(path), unpacking, () => undefined)
  try {
    for await (const chunk of unpacking) yield chunk as Uint8Array
  } catch (error) {
    throw damaged(error, name, 'the gzip data is damaged or ends too early', 'Fetch the file again from where it came.')
  } finally {
    unpacking.destroy()
  }
}
