/** Parquet files made for tests. */
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Sample } from './samples.ts'

/** A column of images as Hugging Face's datasets have them, and one of labels. */
export function parquetOfImages(
  images: readonly (Uint8Array | null)[],
  labels: readonly (number | string)[],
  { names, rowGroupSize = 16, name = 'train-00000-of-00001.parquet' }: { names?: string[]; rowGroupSize?: number; name?: string } = {},
): Sample {
  const text = typeof labels[0] === 'string'
  const buffer = parquetWriteBuffer({
    rowGroupSize,
    schema: [
      { name: 'root', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      text
        ? { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
        : { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    columnData: [
      {
        name: 'image',
        data: images.map((bytes, i) => (bytes === null ? { bytes: undefined, path: `${i}.png` } : { bytes, path: `${i}.png` })),
      },
      { name: 'label', data: text ? [...labels] : labels.map((label) => BigInt(label)) },
    ],
    ...(names === undefined
      ? {}
      : {
          kvMetadata: [
            {
              key: 'huggingface',
              value: JSON.stringify({ info: { features: { image: { _type: 'Image' }, label: { names, _type: 'ClassLabel' } } } }),
            },
          ],
        }),
  })
  return { name, bytes: new Uint8Array(buffer) }
}

/** A table: a number a pixel. */
export function parquetOfPixels(columns: Record<string, readonly (number | string)[]>, name = 'digits.parquet'): Sample {
  const columnData = Object.entries(columns).map(([column, data]) => ({
    name: column,
    data: [...data],
    type: typeof data[0] === 'string' ? ('STRING' as const) : ('INT32' as const),
  }))
  return { name, bytes: new Uint8Array(parquetWriteBuffer({ columnData })) }
}
