/** Unpacks gzip and zlib as streams; their checksums are compared by zlib. */
import { pipeline } from 'node:stream'
import type { Transform } from 'node:stream'
import { createGunzip, createInflate } from 'node:zlib'
import { damaged } from '../bad-input.ts'

/** Whether bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/** Bytes of a piece of what comes out. */
const chunkSize = 1 << 16

/**
 * What gzip unpacks to, in pieces of at most 64 KiB.
 * @throws LabError `bad-input` naming the file
 */
export function gunzipped(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  return unpacked(packed, createGunzip({ chunkSize }), name, 'gzip')
}

/** As {@link gunzipped}, of zlib's own form. */
export function inflated(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  return unpacked(packed, createInflate({ chunkSize }), name, 'zlib')
}

async function* unpacked(packed: AsyncIterable<Uint8Array>, unpacking: Transform, name: string, kind: string): AsyncGenerator<Uint8Array> {
  // What fails upstream reaches the reader through the last stream.
  pipeline(packed, unpacking, () => undefined)
  try {
    for await (const chunk of unpacking) yield chunk as Uint8Array
  } catch (error) {
    throw damaged(error, name, `the ${kind} data is damaged or ends too early`, 'Fetch the file again from where it came.')
  } finally {
    unpacking.destroy()
  }
}

/** What an archive holds under a name: out of gzip where it is packed once more, as IDX files often are. */
export async function* outOfGzip(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  if (!/\.gz$/i.test(name)) {
    yield* chunks
    return
  }
  const iterator = chunks[Symbol.asyncIterator]()
  const first = await iterator.next()
  const whole = (async function* () {
    for (let at = first; at.done !== true; at = await iterator.next()) yield at.value
  })()
  yield* first.done !== true && isGzip(first.value) ? gunzipped(whole, name) : whole
}
