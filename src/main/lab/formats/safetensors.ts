/** Safetensors files (8 bytes of header length, a JSON header, raw arrays), written by parts in any order. */
import { beginFile } from '../../store/files/files.ts'
import type { PartFile } from '../../store/files/files.ts'

export interface TensorEntry {
  name: string
  type: 'F32' | 'U32'
  shape: readonly number[]
}

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
    const header: Record<string, unknown> = { __metadata__: metadata }
    const begins = new Map<string, number>()
    let end = 0
    for (const { name, type, shape } of entries) {
      begins.set(name, end)
      const begin = end
      end += 4 * shape.reduce((a, b) => a * b, 1)
      header[name] = { dtype: type, shape, data_offsets: [begin, end] }
    }
    const json = Buffer.from(JSON.stringify(header))
    const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(padded.length))
    const file = await beginFile(path, 'write the safetensors file')
    await file.writeAt(0, Buffer.concat([length, padded]))
    return new SafetensorsWriter(file, new Map([...begins].map(([name, begin]) => [name, 8 + padded.length + begin])))
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
