/** A preview of 60,000 images in each form that people have: time, and processor time and most memory of the process that reads them. */
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync, gzipSync } from 'node:zlib'
import { parquetWriteFile } from 'hyparquet-writer'
import { createDatasetImporter } from '../../src/main/data-import/importer.ts'
import { tarOf, zipOf } from '../../src/main/data/testing/archives.ts'
import { npyFile } from '../../src/main/data/testing/npy.ts'
import { parquetOfImages } from '../../src/main/data/testing/parquet.ts'
import { drawn } from '../../src/main/data/testing/pictures.ts'
import type { Sample } from '../../src/main/data/testing/samples.ts'
import type { Child } from '../../src/main/process/child.ts'
import { spawnNodeChild } from '../../src/main/process/node-child.ts'
import { messageOf } from '../../src/shared/errors.ts'
import { summarize } from '../measure/statistics.ts'
import { formatTable } from '../report/table.ts'
import type { Bench } from './context.ts'

const count = 60_000
const side = 28
const size = side * side
const classes = 10

interface Measured {
  seconds: number
  processorSeconds: number
  mebibytes: number
}

export const importsBench: Bench = async ({ say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-bench-imports-'))
  const found: (Measured & { form: string })[] = []
  const failed: Record<string, string> = {}
  try {
    for (const [form, make] of Object.entries(forms)) {
      const place = join(folder, 'set')
      mkdirSync(place)
      await make(place)
      try {
        found.push({ form, ...(await preview(place, join(folder, 'scratch'))) })
        say(
          `${form}: ${row(found[found.length - 1])
            .slice(1)
            .join(', ')}`,
        )
      } catch (error) {
        failed[form] = messageOf(error)
        say(`${form}: ${failed[form]}`)
      }
      rmSync(place, { recursive: true })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  return {
    ours: summarize(found.map(({ seconds }) => 1000 * seconds)),
    ...{ rivals: {}, failed, ratio: null, details: { found }, versions: {} },
    text: formatTable(['form', 'seconds', 'of a processor', 'most memory'], found.map(row)),
  }
}

function row({ form, seconds, processorSeconds, mebibytes }: Measured & { form: string }): string[] {
  return [form, seconds.toFixed(1), processorSeconds.toFixed(1), `${Math.round(mebibytes)} MiB`]
}

async function preview(place: string, scratch: string): Promise<Measured> {
  mkdirSync(scratch)
  let child: Child | undefined
  const session = createDatasetImporter({ spawn: (options) => (child = spawnNodeChild(options)) }).open([place], scratch)
  try {
    const began = performance.now()
    const { count: read } = await session.preview({})
    if (read !== count) throw new Error(`${read} of ${count} images were read`)
    const pid = child!.pid!
    return { seconds: (performance.now() - began) / 1000, processorSeconds: processorSeconds(pid), mebibytes: mostMemory(pid) }
  } finally {
    await session.close()
    rmSync(scratch, { recursive: true })
  }
}

/** The most that a process ever had, MiB: what Linux says of it. */
function mostMemory(pid: number): number {
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

/** Time of a processor that a process took, by Linux, which counts hundredths of seconds for it and the system. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const labelOf = (i: number): number => i % classes
/** Each is another: its number stands in its first pixels. */
function imageOf(i: number): Uint8Array {
  const image = drawn(labelOf(i) % 3, i, side)
  image.set([255, i & 255, i >> 8, 25 * labelOf(i)])
  return image
}

let made: Sample[] | undefined
/** As PNG in class folders, made once. */
function pictures(): Sample[] {
  made ??= Array.from({ length: count }, (_, i) => ({ name: `${labelOf(i)}/${i}.png`, bytes: greyPng(imageOf(i)) }))
  return made
}

/** A grey picture of 8 bits (ISO/IEC 15948). */
function greyPng(image: Uint8Array): Uint8Array {
  const lines = Buffer.alloc(side * (side + 1)) // before each line, that it is not filtered
  for (let y = 0; y < side; y++) lines.set(image.subarray(y * side, (y + 1) * side), y * (side + 1) + 1)
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), data])
    return Buffer.concat([fourBytes(data.length), body, fourBytes(crc32(body))])
  }
  const head = Buffer.concat([fourBytes(side), fourBytes(side), Buffer.from([8, 0, 0, 0, 0])])
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(lines, { level: 1 })), chunk('IEND', Buffer.alloc(0))])
}

function fourBytes(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}

const array = (): Uint8Array => Buffer.concat(Array.from({ length: count }, (_, i) => imageOf(i)))
const labels = (): Uint8Array => Uint8Array.from({ length: count }, (_, i) => labelOf(i))

function idxHead(kind: number, ...sides: number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * sides.length)
  ;[0x800 | kind, ...sides].forEach((number, i) => head.writeUInt32BE(number, 4 * i))
  return head
}

const forms: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'IDX, .gz'(folder) {
    writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(Buffer.concat([idxHead(3, count, side, side), array()])))
    writeFileSync(join(folder, 'train-labels-idx1-ubyte.gz'), gzipSync(Buffer.concat([idxHead(1, count), labels()])))
    return Promise.resolve()
  },
  async 'NPZ, packed'(folder) {
    const arrays = [
      { name: 'images.npy', bytes: npyFile({ shape: [count, side, side] }, array()) },
      { name: 'labels.npy', bytes: npyFile({ shape: [count] }, labels()) },
    ]
    writeFileSync(join(folder, 'set.npz'), await zipOf(arrays))
  },
  'parquet, PNG, one group of rows'(folder) {
    const all = pictures()
    const file = parquetOfImages(
      all.map(({ bytes }) => bytes),
      all.map((_, i) => labelOf(i)),
      { rowGroupSize: count },
    )
    writeFileSync(join(folder, file.name), file.bytes)
    return Promise.resolve()
  },
  'parquet, 785 columns, one group of rows'(folder) {
    const images = array()
    const column = (at: number) => Int32Array.from({ length: count }, (_, i) => images[i * size + at])
    parquetWriteFile({
      filename: join(folder, 'set.parquet'),
      rowGroupSize: count,
      columnData: [
        { name: 'label', data: Int32Array.from(labels()), type: 'INT32' },
        ...Array.from({ length: size }, (_, at) => ({ name: `pixel${at}`, data: column(at), type: 'INT32' as const })),
      ],
    })
    return Promise.resolve()
  },
  async 'CSV, 785 columns'(folder) {
    const out = createWriteStream(join(folder, 'set.csv'))
    out.write(`label,${Array.from({ length: size }, (_, at) => `pixel${at}`).join(',')}\n`)
    for (let i = 0; i < count; i++) if (!out.write(`${labelOf(i)},${imageOf(i).join(',')}\n`)) await once(out, 'drain')
    out.end()
    await once(out, 'finish')
  },
  async 'PNG in class folders, .zip'(folder) {
    writeFileSync(join(folder, 'set.zip'), await zipOf(pictures().map((one) => ({ ...one, compress: false }))))
  },
  async 'PNG in class folders, .tar'(folder) {
    writeFileSync(join(folder, 'set.tar'), await tarOf(pictures()))
  },
}
