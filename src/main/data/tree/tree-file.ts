/** A file from outside: a stretch of bytes on the disk, by itself or unpacked from an archive. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { LabError } from '../../../shared/errors.ts'
import { badInput, errorText } from '../bad-input.ts'

/** Bytes at a time, where a file is read from end to end. */
const stretch = 1 << 20

/** Where bytes come from. */
export interface Place {
  /** Fills as much of `into` as there is. @returns bytes that were there */
  read(into: Uint8Array, position: number): Promise<number>
}

export class TreeFile {
  /** From what the person named on, with slashes, as it lies there: `photos/cats/1.png`, `photos.zip/cats/1.png`, `table.csv.gz`. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly #place: Place
  readonly #offset: number

  constructor(path: string, size: number, place: Place, offset = 0) {
    this.path = path
    this.size = size
    this.#place = place
    this.#offset = offset
  }

  /** The last part of the path, without the `.gz` that its bytes no longer have. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1).replace(/\.gz$/i, '')
  }

  /** Ending of the name in small letters, with its dot; empty: none. */
  get ending(): string {
    return /\.[^.]*$/.exec(this.name.toLowerCase())?.[0] ?? ''
  }

  /**
   * Bytes from `start` on, just as many as asked for.
   * @throws LabError `bad-input` when they are not all there
   */
  async slice(start: number, length: number): Promise<Uint8Array> {
    const end = start + length
    if (start < 0 || length < 0 || end > this.size)
      throw badInput(this.path, `bytes ${start} to ${end} were asked for, but it has ${this.size}.`)
    const bytes = new Uint8Array(length)
    for (let done = 0; done < length;) {
      const got = await this.#read(bytes.subarray(done), start + done)
      if (got === 0) throw badInput(this.path, `it ended at byte ${start + done}, though it had ${this.size} bytes when it was listed.`)
      done += got
    }
    return bytes
  }

  /** The first bytes, at most `length`. */
  head(length = 4096): Promise<Uint8Array> {
    return this.slice(0, Math.min(length, this.size))
  }

  /** All of it. @throws LabError `bad-input` when it is larger than `most` bytes */
  async whole(most: number): Promise<Uint8Array> {
    if (this.size > most)
      throw badInput(this.path, `it has ${this.size} bytes; at most ${most} are read in one piece.`, 'Give a smaller file.')
    return this.slice(0, this.size)
  }

  /** From `start` to before `end`, in pieces of at most `length` bytes. */
  async *pieces(start = 0, length = stretch, end = this.size): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; at += length) yield await this.slice(at, Math.min(length, end - at))
  }

  async #read(into: Uint8Array, position: number): Promise<number> {
    try {
      return await this.#place.read(into, this.#offset + position)
    } catch (error) {
      throw unreadable(this.path, error)
    }
  }
}

/** A file of its own on the disk. A link that has taken its place since it was listed is not followed. */
export function fileOnDisk(path: string, size: number, shown: string): TreeFile {
  const place: Place = {
    async read(into, position) {
      const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
      try {
        return (await handle.read(into, 0, into.length, position)).bytesRead
      } finally {
        await handle.close()
      }
    },
  }
  return new TreeFile(shown, size, place)
}

/** What the system says of a file that cannot be read, as a sentence. @param remedy where it may be another file that is meant */
export function unreadable(path: string, error: unknown, remedy = 'See that it is a readable file or folder.'): LabError {
  if (error instanceof LabError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const bad = (found: string, help = remedy) => new LabError('bad-input', `${path} ${found}.`, help, { cause: error })
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new LabError('not-found', `${path} is not there.`, 'See that the path is right.', { cause: error })
  if (code === 'EISDIR') return bad('is a folder, not a file')
  if (code === 'EACCES' || code === 'EPERM') return bad('may not be read', 'Make it yours to read.')
  return bad(`cannot be read: ${errorText(error)}`)
}
