/**
 * What archives hold, one file after the other in one file on the disk: names from outside never
 * become names on the disk. Every byte is counted as it is unpacked, whatever the archive declares.
 */
import { open, statfs } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { badInput, errorText } from '../bad-input.ts'
import { throwIfCancelled } from '../context.ts'
import type { ImportContext } from '../context.ts'
import { TreeFile } from './tree-file.ts'
import type { Place } from './tree-file.ts'

/** Bytes gathered before they are written. */
const gathered = 1 << 20

export class TempFile {
  readonly #context: ImportContext
  readonly #handle: FileHandle
  readonly #place: Place
  /** Bytes it may have in all. */
  readonly #most: number
  #buffer = Buffer.allocUnsafe(gathered)
  #buffered = 0
  #written = 0

  private constructor(context: ImportContext, handle: FileHandle, most: number) {
    this.#context = context
    this.#handle = handle
    this.#most = most
    this.#place = {
      read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    }
  }

  static async open(context: ImportContext): Promise<TempFile> {
    const { scratch, limits } = context
    const { bavail, bsize } = await statfs(scratch)
    const most = Math.max(0, Math.min(limits.unpackedBytes, bavail * bsize - limits.reservedBytes))
    return new TempFile(context, await open(join(scratch, 'unpacked'), 'w+', 0o600), most)
  }

  /** Bytes so far. */
  get size(): number {
    return this.#written + this.#buffered
  }

  /** @throws LabError `bad-input` when `bytes` more, as an archive declares, would be too many */
  expect(archive: string, bytes: number): void {
    if (this.size + bytes > this.#most) throw this.#tooMuch(archive, `declares ${bytes} bytes`)
  }

  /**
   * Takes in one file.
   * @param path under which it goes on
   * @param archive for errors
   */
  async add(path: string, chunks: AsyncIterable<Uint8Array>, archive: string): Promise<TreeFile> {
    const start = this.size
    for await (const chunk of chunks) {
      throwIfCancelled(this.#context)
      if (this.size + chunk.length > this.#most) throw this.#tooMuch(archive, `unpacks to more than ${this.size} bytes (at ${path})`)
      await this.#append(chunk)
    }
    return new TreeFile(path, this.size - start, this.#place, start)
  }

  /** Puts everything on the disk: from here on the files can be read. */
  async flush(): Promise<void> {
    await this.#write(this.#buffer.subarray(0, this.#buffered))
    this.#buffered = 0
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #append(chunk: Uint8Array): Promise<void> {
    if (this.#buffered + chunk.length > gathered) await this.flush()
    if (chunk.length > gathered) return this.#write(chunk)
    this.#buffer.set(chunk, this.#buffered)
    this.#buffered += chunk.length
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#written)
        done += bytesWritten
        this.#written += bytesWritten
      }
    } catch (error) {
      throw new LabError(
        'disk',
        `Could not unpack to ${this.#context.scratch}: ${errorText(error)}.`,
        'Free some space on the disk of the data folder, or choose another.',
        { cause: error, settings: { dataDir: null } },
      )
    }
  }

  #tooMuch(archive: string, found: string): LabError {
    const { unpackedBytes } = this.#context.limits
    return badInput(
      archive,
      `it ${found}; at most ${this.#most} are unpacked here.`,
      this.#most < unpackedBytes
        ? 'Free some space on the disk of the data folder, or unpack it yourself and give the folder.'
        : 'Unpack it yourself, see that it is what it should be, and give the folder.',
    )
  }
}
