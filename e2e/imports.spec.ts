import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import sharp from 'sharp'
import { tarGzOf, zipOf } from '../src/main/data/testing/archives.ts'
import { place } from '../src/main/data/testing/imports.ts'
import { npyFile } from '../src/main/data/testing/npy.ts'
import { parquetOfImages } from '../src/main/data/testing/parquet.ts'
import { classFolders, drawn, picture, shapeNames } from '../src/main/data/testing/pictures.ts'
import { idxFile } from '../src/main/data/testing/samples.ts'
import { drop } from './drop.ts'
import { expect, inFolder, test as base } from './lab.ts'
import { choose, panel, stateOf } from './run-page.ts'

/** @param files a folder to make files in */
const test = base.extend<{ files: string }>({ files: async ({}, use) => inFolder(use) })

/** Drawn shapes of 12 x 12 in three classes, in turns. */
const count = 72
const labels = Uint8Array.from({ length: count }, (_, i) => i % shapeNames.length)
const pixels = (): Uint8Array => Buffer.concat(Array.from(labels, (label, i) => drawn(label, i)))

interface Kind {
  what: string
  /** Makes the files. @returns what is dropped, or chosen */
  make(folder: string): Promise<string[]>
  chosen?: true
  name: string
  classNames: readonly string[]
  /** Left out: 12 × 12 grey. */
  size?: string
  /** Images a class that the files say are for training, validation and test. */
  split?: readonly [train: number, validation: number, test: number]
}

const digits = ['0', '1', '2']
const kinds: readonly Kind[] = [
  {
    what: 'a folder of PNG files in class folders',
    make: async (folder) => {
      await place(join(folder, 'shapes'), await classFolders(count / 3))
      return [join(folder, 'shapes')]
    },
    name: 'shapes',
    classNames: shapeNames,
  },
  {
    what: 'a zip of class folders',
    make: async (folder) => place(folder, [{ name: 'packed.zip', bytes: await zipOf(await classFolders(count / 3, { prefix: 'all/' })) }]),
    name: 'packed',
    classNames: shapeNames,
  },
  {
    what: 'a CSV with a column of labels, chosen with the button',
    make: (folder) => {
      const head = ['label', ...Array.from({ length: 144 }, (_, i) => `pixel${i}`)].join(',')
      const rows = Array.from(labels, (label, i) => [label, ...drawn(label, i)].join(','))
      return place(folder, [{ name: 'table.csv', bytes: Buffer.from([head, ...rows].join('\n')) }])
    },
    chosen: true,
    name: 'table',
    classNames: digits,
  },
  {
    what: 'a pair of IDX files, compressed',
    make: (folder) =>
      place(folder, [
        { name: 'pair-images-idx3-ubyte.gz', bytes: gzipSync(idxFile(0x08, [count, 12, 12], pixels())) },
        { name: 'pair-labels-idx1-ubyte.gz', bytes: gzipSync(idxFile(0x08, [count], labels)) },
      ]),
    name: 'pair',
    classNames: digits,
  },
  {
    what: 'an NPZ',
    make: async (folder) => {
      const arrays = [
        { name: 'images.npy', bytes: npyFile({ shape: [count, 12, 12] }, pixels()) },
        { name: 'labels.npy', bytes: npyFile({ shape: [count] }, labels) },
      ]
      return place(folder, [{ name: 'arrays.npz', bytes: await zipOf(arrays) }])
    },
    name: 'arrays',
    classNames: digits,
  },
  {
    what: 'a tar of class folders, compressed',
    make: async (folder) => place(folder, [{ name: 'rolled.tar.gz', bytes: await tarGzOf(await classFolders(count / 3)) }]),
    name: 'rolled',
    classNames: shapeNames,
  },
  {
    what: 'folders for training, validation and test',
    make: async (folder) => {
      const files = await classFolders(count / 3)
      const part = (name: string): string => {
        const i = Number.parseInt(name.split('/')[1])
        return i < 12 ? 'train' : i < 19 ? 'val' : 'test'
      }
      await place(
        join(folder, 'apart'),
        files.map(({ name, bytes }) => ({ name: `${part(name)}/${name}`, bytes })),
      )
      return [join(folder, 'apart')]
    },
    name: 'apart',
    classNames: shapeNames,
    split: [12, 7, 5],
  },
  {
    what: 'a TSV with all pixels in a cell and a column of splits',
    make: (folder) => {
      const usage = (i: number): string => (i < 36 ? 'Training' : i < 57 ? 'PublicTest' : 'PrivateTest')
      const rows = Array.from(labels, (label, i) => [label, drawn(label, i).join(' '), usage(i)].join('\t'))
      return place(folder, [{ name: 'cells.tsv', bytes: Buffer.from(['emotion\tpixels\tUsage', ...rows].join('\n')) }])
    },
    chosen: true,
    name: 'cells',
    classNames: digits,
    split: [12, 7, 5],
  },
  {
    what: 'a parquet file of pictures with names of classes',
    make: async (folder) => {
      const pictures = await Promise.all(Array.from(labels, (label, i) => picture('png', label, i)))
      return place(folder, [parquetOfImages(pictures, [...labels], { names: [...shapeNames], name: 'shelf.parquet' })])
    },
    name: 'shelf',
    classNames: shapeNames,
  },
  {
    what: 'the binary archive of CIFAR-10',
    make: async (folder) => {
      const planes = (label: number, i: number): Uint8Array =>
        Buffer.concat([1, 2, 3].map((plane) => drawn(label, i, 32).map((value) => value / plane)))
      const batch = (from: number, to: number): Uint8Array =>
        Buffer.concat(Array.from(labels.subarray(from, to), (label, i) => Buffer.concat([Buffer.from([label]), planes(label, from + i)])))
      const files = [
        { name: 'cifar-10-batches-bin/batches.meta.txt', bytes: Buffer.from(shapeNames.join('\n')) },
        { name: 'cifar-10-batches-bin/data_batch_1.bin', bytes: batch(0, 48) },
        { name: 'cifar-10-batches-bin/test_batch.bin', bytes: batch(48, count) },
      ]
      return place(folder, [{ name: 'cifar-10-binary.tar.gz', bytes: await tarGzOf(files) }])
    },
    name: 'cifar-10-binary',
    classNames: shapeNames,
    size: '32 × 32, colour',
  },
]

/** Brings files to the page, which then shows what they would become. */
async function bring(lab: Page, { chosen }: { chosen?: true }, paths: string[]): Promise<void> {
  await expect(lab.getByRole('button', { name: 'Choose files' })).toBeVisible()
  if (chosen === true) {
    const choosing = lab.waitForEvent('filechooser')
    await lab.getByRole('button', { name: 'Choose files' }).click()
    await (await choosing).setFiles(paths)
  } else {
    await drop(lab, paths)
  }
  await expect(lab.getByRole('heading', { name: 'Import data', level: 1 })).toBeVisible()
}

/** Keeps what is shown; resolves at its own page. */
async function keep(lab: Page, { name, classNames, size = '12 × 12, grey' }: Kind): Promise<void> {
  await expect(panel(lab, 'Images after import')).toContainText(size)
  await expect(lab.getByRole('list', { name: 'Sample pictures' }).getByRole('listitem').first()).toBeVisible()
  const classes = panel(lab, 'Classes')
  await expect(classes).toContainText(`${count} images`)
  await expect(classes.getByRole('listitem')).toHaveText(classNames.map((each) => new RegExp(`^${each}\\s*${count / 3}$`)))
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByRole('heading', { name, level: 1 })).toBeVisible()
}

/** What the page of a data set says that each class has in each split. */
async function expectSplits(lab: Page, classNames: readonly string[], [train, validation, tested]: readonly number[]): Promise<void> {
  for (const name of classNames) {
    await expect(panel(lab, 'Classes').getByTitle(`${name}: ${train} training, ${validation} validation, ${tested} test`)).toBeVisible()
  }
}

for (const kind of kinds) {
  test(`${kind.what}: looked at, kept and shown`, async ({ lab, files }) => {
    await bring(lab, kind, await kind.make(files))
    await keep(lab, kind)
    const size = (kind.size ?? '12 × 12, grey').replace(',', '')
    await expect(lab.getByText(`${count} images in 3 classes, ${size}`)).toBeVisible()
    await expect(lab.getByRole('list', { name: 'Pictures' }).getByRole('listitem').first()).toBeVisible()
    await expect(panel(lab, 'About')).toContainText('Changed')
    if (kind.split !== undefined) await expectSplits(lab, kind.classNames, kind.split)
    await lab.getByRole('link', { name: 'Data sets' }).click()
    await expect(lab.getByRole('row', { name: new RegExp(`${kind.name} ${count} 3 ${size}`) })).toBeVisible()
  })
}

test('size, colour, fit and splits are as chosen', async ({ lab, files }) => {
  // Wide pictures: bright in the middle, dark at both ends.
  const wide = (i: number) =>
    Uint8Array.from({ length: 24 * 12 * 3 }, (_, at) => (Math.floor(at / 3) % 24 < 6 || Math.floor(at / 3) % 24 >= 18 ? i : 200 + (i % 50)))
  const pictures = await Promise.all(
    Array.from({ length: count }, async (_, i) => ({
      name: `${shapeNames[i % 3]}/${i}.png`,
      bytes: await sharp(wide(i), { raw: { width: 24, height: 12, channels: 3 } })
        .png()
        .toBuffer(),
    })),
  )
  await place(join(files, 'wide'), pictures)
  await bring(lab, {}, [join(files, 'wide')])
  const shown = panel(lab, 'Images after import')
  await choose(lab, 'Size', '32 × 32')
  await expect(shown).toContainText('32 × 32')
  await lab.getByRole('radio', { name: 'Colour', exact: true }).click()
  await expect(shown).toContainText('32 × 32, colour')
  const corner = () => brightnessAt(lab, 0.5, 0.05)
  await expect.poll(corner, 'cut: the middle fills it').toBeGreaterThan(150)
  await lab.getByRole('radio', { name: 'Pad', exact: true }).click()
  await expect.poll(corner, 'padded: black above').toBeLessThan(10)
  await lab.getByLabel('Validation', { exact: true }).fill('0')
  await lab.getByLabel('Validation', { exact: true }).blur()
  await expect(lab.getByText(/^At least one image/)).toBeVisible()
  await lab.getByLabel('Validation', { exact: true }).fill('9')
  await lab.getByLabel('Test', { exact: true }).fill('6')
  await lab.getByLabel('Test', { exact: true }).blur()
  await expect(lab.getByText(`${count - 15} of ${count} images are left for training.`)).toBeVisible()
  await lab.getByRole('textbox', { name: 'Name' }).fill('padded')
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByRole('heading', { name: 'padded', level: 1 })).toBeVisible()
  await expect(lab.getByText(`${count} images in 3 classes, 32 × 32 colour`)).toBeVisible()
  const told = await panel(lab, 'Classes')
    .getByRole('listitem')
    .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('title') ?? ''))
  const sum = (word: string) => told.reduce((total, text) => total + Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1]), 0)
  expect([sum('training'), sum('validation'), sum('test')]).toEqual([count - 15, 9, 6])
})

test('the column of labels is as chosen', async ({ lab, files }) => {
  const head = ['kind', 'label', ...Array.from({ length: 144 }, (_, i) => `pixel${i}`)].join(',')
  const rows = Array.from(labels, (label, i) => [i % 2 === 0 ? 'even' : 'odd', label, ...drawn(label, i)].join(','))
  await bring(lab, {}, await place(files, [{ name: 'two.csv', bytes: Buffer.from([head, ...rows].join('\n')) }]))
  await expect(panel(lab, 'Classes').getByRole('listitem')).toHaveCount(3)
  await choose(lab, 'Labels', 'kind')
  await expect(panel(lab, 'Classes').getByRole('listitem')).toHaveText([/^even\s*36$/, /^odd\s*36$/])
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByText(`${count} images in 2 classes, 12 × 12 grey`)).toBeVisible()
})

/** Mean of red, green and blue in the first sample picture, at a place in shares of its size. */
function brightnessAt(lab: Page, x: number, y: number): Promise<number> {
  return lab
    .getByRole('list', { name: 'Sample pictures' })
    .locator('canvas')
    .first()
    .evaluate(
      (canvas: HTMLCanvasElement, [across, down]) => {
        const [red, green, blue] = canvas
          .getContext('2d')!
          .getImageData(Math.floor(across * canvas.width), Math.floor(down * canvas.height), 1, 1).data
        return (red + green + blue) / 3
      },
      [x, y],
    )
}

test('trained on for a few steps, and a network of it taken home', async ({ lab, files }) => {
  test.setTimeout(360_000) // the engine gives way to whatever else the machine does
  const [kind] = kinds
  await bring(lab, kind, await kind.make(files))
  await keep(lab, kind)

  await lab.getByRole('link', { name: 'Train on it' }).click()
  const settings = { Steps: 4, 'Networks per step': 4, 'Images per network': 4, 'Cool-down': 0, 'Latent dimension': 8, 'Evaluate every': 2 }
  for (const [label, value] of Object.entries(settings)) await lab.getByLabel(label, { exact: true }).fill(String(value))
  await lab.getByLabel('Name', { exact: true }).fill('small')
  await lab.getByRole('button', { name: 'Start training' }).click()
  await expect(lab.getByRole('heading', { name: 'small', level: 1 })).toBeVisible()
  await expect(stateOf(lab)).toHaveText('finished', { timeout: 240_000 })

  await lab.getByRole('link', { name: 'Export networks' }).click()
  await lab.getByRole('radio', { name: 'NPZ Arrays for NumPy' }).check()
  const saving = lab.waitForEvent('download', { timeout: 60_000 })
  await lab.getByRole('button', { name: 'Export NPZ' }).click()
  const download = await saving
  await expect(lab.getByText('Loaded again with ')).toBeVisible()
  expect(download.suggestedFilename()).toMatch(/network-0\.npz$/)
  const arrays = unzipSync(await readFile(await download.path()))
  // The header has 128 bytes; the last layer tells three classes apart.
  const last = Object.keys(arrays)
    .toSorted()
    .findLast((name) => name.endsWith('.bias.npy'))
  expect(arrays[last!].length).toBe(128 + 3 * 4)
})

test('a broken file is refused in a sentence that names it, and cancelling leaves nothing', async ({ lab, files, dataDir }) => {
  const [images, ...rest] = await kinds[3].make(files)
  const whole = idxFile(0x08, [count, 12, 12], pixels())
  await place(files, [{ name: 'pair-images-idx3-ubyte.gz', bytes: gzipSync(whole.subarray(0, 5000)) }])
  await bring(lab, {}, [images, ...rest])

  const alert = lab.getByRole('alert').filter({ hasText: 'The import stopped' })
  await expect(alert).toContainText(
    'pair-images-idx3-ubyte.gz: ends at byte 5000, but its header (72 x 12 x 12 unsigned bytes) declares 10384 bytes.',
  )
  await expect(lab.getByRole('button', { name: 'Import this data set' })).toBeHidden()

  await lab.getByRole('button', { name: 'Cancel' }).click()
  await expect(lab.getByText('No data sets yet')).toBeVisible()
  await expect.poll(() => everythingIn(join(dataDir, 'datasets')), 'nothing of it is left on the disk').toEqual([])
})

test('a preview that is cancelled leaves nothing either', async ({ lab, files, dataDir }) => {
  await bring(lab, {}, await kinds[1].make(files))
  await expect(lab.getByRole('button', { name: 'Import this data set' })).toBeEnabled()
  await lab.getByRole('button', { name: 'Cancel' }).click()
  await expect(lab.getByText('No data sets yet')).toBeVisible()
  await expect.poll(() => everythingIn(join(dataDir, 'datasets')), 'nothing of it is left on the disk').toEqual([])
})

test('a split that is marked as wrong is not imported, and images that are there are said to be', async ({ lab, files }) => {
  const kind = kinds[4]
  const paths = await kind.make(files)
  await bring(lab, kind, paths)
  const validation = lab.getByLabel('Validation', { exact: true })
  await validation.fill('0')
  await validation.blur()
  await expect(lab.getByText('At least one image is needed for validation.')).toBeVisible()
  await expect(lab.getByRole('button', { name: 'Import this data set' })).toBeDisabled()
  await validation.fill('9')
  await validation.blur()
  await expect(lab.getByText(`${count - 16} of ${count} images are left for training.`)).toBeVisible()
  await keep(lab, kind)

  await drop(lab, paths)
  await lab.getByLabel('Name', { exact: true }).fill('another name')
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByText('These images are already here, as arrays, with its split')).toBeVisible()
  await expect(lab.getByRole('heading', { name: 'arrays', level: 1 })).toBeVisible()
})

/** Names below a folder; none where it is not there. */
async function everythingIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder, { recursive: true }) : []
}

test('what is in doubt is asked with pictures of each answer; the answer is what is kept', async ({ lab, files }) => {
  const nested = (await classFolders(12)).map(({ name, bytes }) => ({
    name: `${name.startsWith('bar') ? 'long' : 'round'}/${name}`,
    bytes,
  }))
  await place(join(files, 'drawings'), nested)
  await bring(lab, {}, [join(files, 'drawings')])
  const asked = panel(lab, 'Please answer')
  await expect(asked).toContainText('Folders lie within folders')
  await expect(asked).toContainText('2 classes: long 12, round 24')
  await expect(asked.getByRole('list', { name: /^What it would be: The outer/ }).getByRole('listitem')).toHaveCount(6)
  const take = lab.getByRole('button', { name: 'Import this data set' })
  await expect(take).toBeDisabled()
  await asked.getByRole('button', { name: /^The inner ones/ }).click()
  await expect(asked).toBeHidden()
  // Another answer may be given, and the keyboard goes on with what is next.
  await expect(take).toBeFocused()
  await panel(lab, 'Your answers').getByRole('button', { name: 'Ask again' }).click()
  await expect(asked.getByRole('button').first()).toBeFocused()
  await asked.getByRole('button', { name: /^The outer ones/ }).click()
  await expect(asked).toBeHidden()
  await take.click()
  await expect(panel(lab, 'About')).toContainText('class folder outer')
})
