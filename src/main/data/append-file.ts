/** A file that is written from front to back, many small pieces at a time, and can be read anywhere once it is flushed. */
import { open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { errorText } from './bad-input.ts'

/** Bytes gathered before they are written. */
const gathered = 1 << 20

export class AppendFile {
  readonly path: string
  readonly #handle: FileHandle
  #buffer = Buffer.allocUnsafe(gathered)
  #buffered = 0
  #written = 0

  private constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  /** Empty, in the place of one that is there. @throws LabError `disk`, as the others do */
  static async create(path: string): Promise<AppendFile> {
    return new AppendFile(path, await onDisk(path, open(path, 'w+', 0o600)))
  }

  /** Bytes so far. */
  get size(): number {
    return this.#written + this.#buffered
  }

  async append(bytes: Uint8Array): Promise<void> {
    if (this.#buffered + bytes.length > gathered) await this.flush()
    if (bytes.length > gathered) return this.#write(bytes)
    this.#buffer.set(bytes, this.#buffered)
    this.#buffered += bytes.length
  }

  async flush(): Promise<void> {
    await this.#write(this.#buffer.subarray(0, this.#buffered))
    this.#buffered = 0
  }

  /** Fills as much of `into` as there is. @returns bytes that were there */
  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await onDisk(this.path, this.#handle.write(bytes, done, bytes.length - done, this.#written))
      done += bytesWritten
      this.#written += bytesWritten
    }
  }
}

/** A full disk, or a folder that vanished, while writing beside the data sets. */
export async function onDisk<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LabError) throw error
    throw new LabError(
      'disk',
      `Could not write in ${dirname(path)}: ${errorText(error)}.`,
      'Free some space on the disk of the data folder, or choose another.',
      { cause: error, settings: { dataDir: null } },
    )
  }
}
