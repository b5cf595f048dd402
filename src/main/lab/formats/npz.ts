/**
 * NPZ files (a zip of NPY files, stored without compression: weights hardly compress), written as
 * they come, so that any number of networks fits in little memory. Same content, same bytes.
 */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { ZipFile } from 'yazl'
import type { PartFile } from '../../store/files/files.ts'
import { beginOutput } from '../../store/files/output.ts'
import { npyHeader, npyText } from '../../data/formats/npy/write-npy.ts'
import type { NpyType } from '../../data/formats/npy/write-npy.ts'

/** A fixed time, so that the file depends on its content only. */
const stamp = { mtime: new Date(1980, 0, 1), compress: false } as const

export interface ArrayStream {
  /** The next bytes, in order; resolves once there is room for more. */
  write(bytes: Uint8Array): Promise<void>
  end(): void
}

export class NpzWriter {
  readonly #file: PartFile
  readonly #zip = new ZipFile()
  readonly #pumped: Promise<void>
  readonly #failed: Promise<never>

  private constructor(file: PartFile) {
    this.#file = file
    this.#pumped = this.#pump()
    const { promise, reject } = Promise.withResolvers<never>()
    this.#pumped.catch(reject)
    promise.catch(() => undefined)
    this.#failed = promise
  }

  /** @param size bytes of the arrays, where they are many @throws LabError `disk` */
  static async begin(path: string, size = 0): Promise<NpzWriter> {
    return new NpzWriter(await beginOutput(path, 'write the NPZ file', size))
  }

  /** An array whose bytes follow piece by piece; arrays are written one after the other. */
  stream(name: string, type: NpyType, shape: readonly number[], byteLength: number): ArrayStream {
    const header = npyHeader(type, shape)
    const through = new PassThrough()
    through.write(header)
    this.#zip.addReadStream(through, `${name}.npy`, { ...stamp, size: header.length + byteLength })
    return {
      write: async (bytes) => {
        if (!through.write(bytes)) await Promise.race([once(through, 'drain'), this.#failed])
      },
      end: () => through.end(),
    }
  }

  array(name: string, type: NpyType, shape: readonly number[], bytes: Uint8Array): void {
    this.#zip.addBuffer(Buffer.concat([npyHeader(type, shape), bytes]), `${name}.npy`, stamp)
  }

  text(name: string, value: string): void {
    const { type, shape, bytes } = npyText(value)
    this.array(name, type, shape, bytes)
  }

  /** The file is on the disk when this resolves. @throws LabError `disk` */
  async finish(): Promise<void> {
    this.#zip.end()
    await this.#pumped
    await this.#file.commit()
  }

  discard(): Promise<void> {
    return this.#file.discard()
  }

  async #pump(): Promise<void> {
    let position = 0
    for await (const piece of this.#zip.outputStream) {
      const bytes = piece as Buffer
      await this.#file.writeAt(position, bytes)
      position += bytes.length
    }
  }
}
