/** Parquet files made for tests. */
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { Sample } from './samples.ts'

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number]

/** A column of images as Hugging Face's datasets have them (or several, of the same), and one of labels. */
export function parquetOfImages(
  images: readonly (Uint8Array | null)[],
  labels: readonly (number | string)[],
  {
    names,
    rowGroupSize = 16,
    name = 'train-00000-of-00001.parquet',
    columns = ['image'],
  }: { names?: string[]; rowGroupSize?: number; name?: string; columns?: string[] } = {},
): Sample {
  const text = typeof labels[0] === 'string'
  const buffer = parquetWriteBuffer({
    rowGroupSize,
    schema: [
      { name: 'root', num_children: columns.length + 1 },
      ...columns.flatMap((column): SchemaElement[] => [
        { name: column, num_children: 2, repetition_type: 'OPTIONAL' },
        { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
        { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ]),
      text
        ? { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
        : { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    columnData: [
      ...columns.map((column) => ({
        name: column,
        data: images.map((bytes, i) => (bytes === null ? { bytes: undefined, path: `${i}.png` } : { bytes, path: `${i}.png` })),
      })),
      { name: 'label', data: text ? [...labels] : labels.map((label) => BigInt(label)) },
    ],
    ...(names === undefined
      ? {}
      : {
          kvMetadata: [
            {
              key: 'huggingface',
              // Another column, which may not be kept, has names of its own.
              value: JSON.stringify({
                info: {
                  features: {
                    image: { _type: 'Image' },
                    coarse: { names: ['straight', 'round'], _type: 'ClassLabel' },
                    label: { names, _type: 'ClassLabel' },
                  },
                },
              }),
            },
          ],
        }),
  })
  return { name, bytes: new Uint8Array(buffer) }
}

type Encoding = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['columnData'][number]['encoding']>

/** A table: a number a pixel. @param encodings of the columns; left out: as the writer likes */
export function parquetOfPixels(
  columns: Record<string, readonly (number | string)[]>,
  name = 'digits.parquet',
  pageSize = 1 << 20,
  encodings: { pixels?: Encoding; label?: Encoding } = {},
): Sample {
  const columnData = Object.entries(columns).map(([column, data]) => {
    const encoding = column === 'label' ? encodings.label : encodings.pixels
    const type = typeof data[0] === 'string' ? ('STRING' as const) : ('INT32' as const)
    return { name: column, data: [...data], type, ...(encoding === undefined ? {} : { encoding }) }
  })
  return { name, bytes: new Uint8Array(parquetWriteBuffer({ columnData, pageSize })) }
}

type Numbers = readonly (number | null | Numbers)[]

/** Columns with a list of numbers a row, or lists of lists, and plain ones. @param names of classes, as Hugging Face notes them of the column `label` */
export function parquetOfLists(
  lists: Readonly<Record<string, readonly (Numbers | null)[]>>,
  plain: Readonly<Record<string, readonly (number | string | boolean | null)[]>>,
  { type = 'INT32', names, name = 'lists.parquet', rowGroupSize = 20, pageSize }: ListOptions = {},
): Sample {
  const depth = (value: unknown): number => (Array.isArray(value) ? 1 + depth(value.find((one) => one !== null)) : 0)
  const listSchema = (column: string, levels: number): SchemaElement[] => [
    { name: column, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    ...(levels === 1 ? [{ name: 'element', type, repetition_type: 'OPTIONAL' } as const] : listSchema('element', levels - 1)),
  ]
  const plainSchema = (column: string, data: readonly unknown[]): SchemaElement => {
    const kind = typeof data.find((one) => one !== null)
    return kind === 'string'
      ? { name: column, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
      : { name: column, type: kind === 'boolean' ? 'BOOLEAN' : 'INT32', repetition_type: 'OPTIONAL' }
  }
  const columns = [...Object.entries<readonly unknown[]>(lists), ...Object.entries<readonly unknown[]>(plain)]
  const notes = { info: { features: { label: { names, _type: 'ClassLabel' } } } }
  const buffer = parquetWriteBuffer({
    rowGroupSize,
    ...(pageSize === undefined ? {} : { pageSize }),
    schema: [
      { name: 'root', num_children: columns.length },
      ...Object.entries(lists).flatMap(([column, data]) => listSchema(column, depth(data.find((one) => one !== null)))),
      ...Object.entries(plain).map(([column, data]) => plainSchema(column, data)),
    ],
    columnData: columns.map(([column, data]) => ({ name: column, data: data.map((one) => one ?? undefined) })),
    ...(names === undefined ? {} : { kvMetadata: [{ key: 'huggingface', value: JSON.stringify(notes) }] }),
  })
  return { name, bytes: new Uint8Array(buffer) }
}

interface ListOptions {
  type?: 'INT32' | 'FLOAT' | 'DOUBLE'
  names?: string[]
  name?: string
  rowGroupSize?: number
  /** Bytes of a page, about. */
  pageSize?: number
}
