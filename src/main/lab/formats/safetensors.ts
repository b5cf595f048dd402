/** Safetensors files, written by parts, in order of the arrays. */
import type { PartFile } from '../../store/files/files.ts'
import { beginOutput } from '../../store/files/output.ts'
import { tensorHeader } from '../../store/files/safetensors.ts'
import type { TensorEntry } from '../../store/files/safetensors.ts'

export class SafetensorsWriter {
  readonly #file: PartFile
  readonly #offsets: ReadonlyMap<string, number>

  private constructor(file: PartFile, offsets: ReadonlyMap<string, number>) {
    this.#file = file
    this.#offsets = offsets
  }

  /** @param metadata texts by name, kept in the header @throws LabError `disk` */
  static async begin(
    path: string,
    entries: readonly TensorEntry[],
    metadata: Readonly<Record<string, string>>,
  ): Promise<SafetensorsWriter> {
    const header = tensorHeader(entries, metadata)
    const file = await beginOutput(path, 'write the safetensors file', header.total)
    await file.writeAt(0, header.bytes)
    return new SafetensorsWriter(file, header.offsets)
  }

  /** @param offset in bytes, within the array @throws LabError `disk` */
  write(name: string, offset: number, bytes: Uint8Array): Promise<void> {
    return this.#file.writeAt(this.#offsets.get(name)! + offset, bytes)
  }

  /** The file is on the disk when this resolves. @throws LabError `disk` */
  finish(): Promise<void> {
    return this.#file.commit()
  }

  discard(): Promise<void> {
    return this.#file.discard()
  }
}
