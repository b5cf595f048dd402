/** A preview of 60,000 images in each form that people have: time, and most memory of the process that reads them. */
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteFile } from 'hyparquet-writer'
import sharp from 'sharp'
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

export const importsBench: Bench = async ({ say }) => {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-bench-imports-'))
  const found: { form: string; seconds: number; mebibytes: number }[] = []
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
    text: formatTable(['form', 'seconds', 'most memory'], found.map(row)),
  }
}

function row({ form, seconds, mebibytes }: { form: string; seconds: number; mebibytes: number }): string[] {
  return [form, seconds.toFixed(1), `${Math.round(mebibytes)} MiB`]
}

async function preview(place: string, scratch: string): Promise<{ seconds: number; mebibytes: number }> {
  mkdirSync(scratch)
  let child: Child | undefined
  const session = createDatasetImporter({ spawn: (options) => (child = spawnNodeChild(options)) }).open([place], scratch)
  try {
    const began = performance.now()
    const { count: read } = await session.preview({})
    if (read !== count) throw new Error(`${read} of ${count} images were read`)
    return { seconds: (performance.now() - began) / 1000, mebibytes: mostMemory(child!.pid!) }
  } finally {
    await session.close()
    rmSync(scratch, { recursive: true })
  }
}

/** The most that a process ever had, MiB: what Linux says of it. */
function mostMemory(pid: number): number {
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
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
async function pictures(): Promise<Sample[]> {
  if (made !== undefined) return made
  made = []
  for (let i = 0; i < count; i++) {
    const bytes = await sharp(imageOf(i), { raw: { width: side, height: side, channels: 1 } })
      .toColourspace('b-w')
      .png({ compressionLevel: 1 })
      .toBuffer()
    made.push({ name: `${labelOf(i)}/${i}.png`, bytes })
  }
  return made
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
  async 'CSV, 785 columns'(folder) {
    const out = createWriteStream(join(folder, 'set.csv'))
    out.write(`label,${Array.from({ length: size }, (_, at) => `pixel${at}`).join(',')}\n`)
    for (let i = 0; i < count; i++) if (!out.write(`${labelOf(i)},${imageOf(i).join(',')}\n`)) await once(out, 'drain')
    out.end()
    await once(out, 'finish')
  },
  async 'PNG in class folders, .zip'(folder) {
    writeFileSync(join(folder, 'set.zip'), await zipOf(await pictures()))
  },
  async 'PNG in class folders, .tar'(folder) {
    writeFileSync(join(folder, 'set.tar'), await tarOf(await pictures()))
  },
  async 'parquet, PNG, one group of rows'(folder) {
    const all = await pictures()
    const file = parquetOfImages(
      all.map(({ bytes }) => bytes),
      all.map((_, i) => labelOf(i)),
      { rowGroupSize: count },
    )
    writeFileSync(join(folder, file.name), file.bytes)
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
}
