/**
 * What archives hold, one file after the other in one file on the disk: names from outside never
 * become names on the disk. Every byte is counted as it is unpacked, whatever the archive declares.
 */
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabError } from '../../../shared/errors.ts'
import { AppendFile } from '../append-file.ts'
import { badInput } from '../bad-input.ts'
import { throwIfCancelled, type ImportContext } from '../context.ts'
import { TreeFile } from './tree-file.ts'

export class TempFile {
  readonly #context: ImportContext
  readonly #file: AppendFile
  /** Bytes it may have in all. */
  readonly #most: number

  private constructor(context: ImportContext, file: AppendFile, most: number) {
    this.#context = context
    this.#file = file
    this.#most = most
  }

  static async open(context: ImportContext): Promise<TempFile> {
    const { scratch, limits } = context
    const { bavail, bsize } = await statfs(scratch)
    const most = Math.max(0, Math.min(limits.unpackedBytes, bavail * bsize - limits.reservedBytes))
    return new TempFile(context, await AppendFile.create(join(scratch, 'unpacked')), most)
  }

  /** @throws LabError `bad-input` when `bytes` more, as an archive declares, would be too many */
  expect(archive: string, bytes: number): void {
    if (this.#file.size + bytes > this.#most) throw this.#tooMuch(archive, `declares ${bytes} bytes`)
  }

  /**
   * Takes in one file.
   * @param path under which it goes on
   * @param archive for errors
   */
  async add(path: string, chunks: AsyncIterable<Uint8Array>, archive: string): Promise<TreeFile> {
    const start = this.#file.size
    for await (const chunk of chunks) {
      throwIfCancelled(this.#context)
      if (this.#file.size + chunk.length > this.#most)
        throw this.#tooMuch(archive, `unpacks to more than ${this.#file.size} bytes (at ${path})`)
      await this.#file.append(chunk)
    }
    return new TreeFile(path, this.#file.size - start, this.#file, start)
  }

  /** Puts everything on the disk: from here on the files can be read. */
  flush(): Promise<void> {
    return this.#file.flush()
  }

  close(): Promise<void> {
    return this.#file.close()
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
