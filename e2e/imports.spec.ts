import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { zipOf } from '../src/main/data/testing/archives.ts'
import { place } from '../src/main/data/testing/imports.ts'
import { npyFile } from '../src/main/data/testing/npy.ts'
import { classFolders, drawn, shapeNames } from '../src/main/data/testing/pictures.ts'
import { idxFile } from '../src/main/data/testing/samples.ts'
import { drop } from './drop.ts'
import { expect, inFolder, test as base } from './lab.ts'
import { stateOf } from './run-page.ts'

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

/** A panel of a view, by its title. */
const panel = (lab: Page, title: string) => lab.locator('section').filter({ has: lab.getByRole('heading', { name: title, exact: true }) })

/** Keeps what is shown; resolves at its own page. */
async function keep(lab: Page, { name, classNames }: Kind): Promise<void> {
  await expect(panel(lab, 'As they will be')).toContainText('12 × 12, grey')
  await expect(lab.getByRole('list', { name: 'Sample pictures' }).getByRole('listitem').first()).toBeVisible()
  const classes = panel(lab, 'Classes')
  await expect(classes).toContainText(`${count} images`)
  await expect(classes.getByRole('listitem')).toHaveText(classNames.map((each) => new RegExp(`^${each}\\s*${count / 3}$`)))
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByRole('heading', { name, level: 1 })).toBeVisible()
}

for (const kind of kinds) {
  test(`${kind.what}: looked at, kept and shown`, async ({ lab, files }) => {
    await bring(lab, kind, await kind.make(files))
    await keep(lab, kind)
    await expect(lab.getByText(`${count} images in 3 classes, 12 × 12 grey`)).toBeVisible()
    await expect(lab.getByRole('list', { name: 'Pictures' }).getByRole('listitem').first()).toBeVisible()
    await expect(panel(lab, 'About')).toContainText('Changed')
    await lab.getByRole('link', { name: 'Data sets' }).click()
    await expect(lab.getByRole('row', { name: new RegExp(`${kind.name} ${count} 3 12 × 12 grey`) })).toBeVisible()
  })
}

test('trained on for a few steps, and a network of it taken home', async ({ lab, files }) => {
  test.setTimeout(360_000) // the engine gives way to whatever else the machine does
  const [kind] = kinds
  await bring(lab, kind, await kind.make(files))
  await keep(lab, kind)

  await lab.getByRole('link', { name: 'Train on it' }).click()
  const settings = { Steps: 4, 'Networks a step': 4, 'Images a network': 4, 'Cool-down': 0, 'Latent dimension': 8, 'Evaluate every': 2 }
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
  await expect(lab.getByText('Checked:')).toBeVisible()
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
  const asked = panel(lab, 'Please say')
  await expect(asked).toContainText('Folders lie within folders')
  await expect(asked).toContainText('2 classes: long 12, round 24')
  await expect(asked.getByRole('list', { name: /^What it would be: The outer/ }).getByRole('listitem')).toHaveCount(6)
  const take = lab.getByRole('button', { name: 'Import this data set' })
  await expect(take).toBeDisabled()
  await asked.getByRole('button', { name: /^The outer ones/ }).click()
  await expect(asked).toBeHidden()
  await take.click()
  await expect(panel(lab, 'About')).toContainText('class folder outer')
})
