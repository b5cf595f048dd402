import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { layOut } from '../../../shared/target-layout.ts'
import { vips } from '../../data/pixels/vips.ts'
import { runTarget } from '../formats/check/plain-network.ts'
import { importerInProcess } from '../testing/importer-in-process.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench({ importer: importerInProcess() })
})
afterEach(() => bench.close())

/** What networks say of a file. */
async function predict(run: string, path: string, request: { index: number; count: number }) {
  const { lab } = bench
  const file = lab.imports.begin()
  try {
    lab.imports.addPaths(file, [path])
    return await lab.predictions.predict(run, { ...request, import: file })
  } finally {
    await lab.imports.cancel(file)
  }
}

test('a network and the mean of the first ones are asked about an image, brought to the form of the data', async () => {
  const { lab, folder } = bench
  const id = await bench.trained()
  const { document } = lab.runs.get(id)
  const { height, width, channels } = document.target.input
  const grey = Buffer.from(Array.from({ length: height * width }, (_, at) => (at * 53) % 256))
  const path = join(folder, 'mine.png')
  await writeFile(
    path,
    await vips(grey, { raw: { height, width, channels: 1 } })
      .png()
      .toBuffer(),
  )

  const said = await predict(id, path, { index: 5, count: 3 })
  expect(said).toMatchObject({ run: id, index: 5, count: 3, height, width, channels, seed: document.seed })
  expect([...said.pixels]).toEqual([...grey])
  const expected = await lab.runs.using(id, {}, async ({ run, checkpoint, seed }) => {
    const ask = async (index: number) => {
      const weights = await lab.sampling.inMemory(run, checkpoint, { seed, first: index, count: 1 })
      return runTarget(
        layOut(checkpoint.document.target),
        weights,
        Float32Array.from(grey, (value) => value / 255),
        1,
      )
    }
    const [first, second, third] = [await ask(0), await ask(1), await ask(2)]
    return { second, network: await ask(5), ensemble: first.map((value, at) => (value + second[at] + third[at]) / 3) }
  })
  expect(said.classNames).toHaveLength(said.network.length)
  said.network.forEach((value, at) => expect(value).toBeCloseTo(expected.network[at], 6))
  said.ensemble.forEach((value, at) => expect(value).toBeCloseTo(expected.ensemble[at], 6))
  // One that is among those that answer together is itself too.
  const second = await predict(id, path, { index: 1, count: 3 })
  second.network.forEach((value, at) => expect(value).toBeCloseTo(expected.second[at], 6))
})

test('what is no image, is not there, or is several files is refused by name', async () => {
  const { folder } = bench
  const id = await bench.trained()
  const path = join(folder, 'notes.png')
  await writeFile(path, 'no picture at all')
  await expect(predict(id, path, { index: 0, count: 1 })).rejects.toMatchObject({
    code: 'bad-input',
    message: 'notes.png: it is no PNG, JPEG, WebP, TIFF, GIF or BMP.',
    remedy: 'Give one PNG, JPEG, WebP, TIFF, GIF or BMP image.',
  })
  await expect(predict(id, join(folder, 'gone.png'), { index: 0, count: 1 })).rejects.toMatchObject({ code: 'not-found' })
  await expect(predict(id, folder, { index: 0, count: 1 })).rejects.toMatchObject({ code: 'bad-input' })
})
