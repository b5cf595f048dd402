/** What is taken home: every report and every export, as the files that the browser is given. */
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright/test'
import { place } from '../src/main/data/testing/imports.ts'
import { drop } from './drop.ts'
import { goTo, panel, patience, saved } from './run-page.ts'
import { inFolder } from './lab.ts'
import { freePort, Server } from './server.ts'
import { tinyTarget } from './tiny-run.ts'
import { expect, test } from './trained-lab.ts'

test.setTimeout(3 * patience)

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** Files of an archive, none of them empty, by their names. */
function unpacked(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map(Object.entries(unzipSync(bytes)))
  for (const [name, { length }] of files) expect(length, name).toBeGreaterThan(0)
  return files
}

test('a report in each form', async ({ window: page, trained }) => {
  await goTo(page, 'Report')
  const make = (title: string) => saved(page, () => page.getByRole('button', { name: `Create ${title}`, exact: true }).click())

  const pdf = await make('PDF')
  expect(pdf.name).toBe(`report-${trained.run}.pdf`)
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.bytes.subarray(-8).toString()).toContain('%%EOF')
  expect(pdf.bytes.length).toBeGreaterThan(20_000)

  const html = await make('HTML')
  expect(html.name).toBe(`report-${trained.run}.html`)
  expect(utf8(html.bytes)).toContain('<h1>ready</h1>')
  expect(utf8(html.bytes)).toContain('</html>')
  expect(utf8(html.bytes)).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)[^"]*\.(js|css)/)

  const markdown = await make('Markdown')
  expect(markdown.name).toBe(`report-${trained.run}-md.zip`)
  const beside = unpacked(markdown.bytes)
  const text = utf8(beside.get(`report-${trained.run}.md`)!)
  const shown = [...text.matchAll(/!\[(?:\\.|[^\]\\])*\]\(([^)]+)\)/g)].map(([, file]) => file)
  expect(shown.length).toBeGreaterThan(0)
  expect([...beside.keys()], 'what it shows lies beside it').toEqual(expect.arrayContaining(shown))

  const figures = await make('Figures')
  expect(figures.name).toBe(`report-${trained.run}-figures.zip`)
  const drawn = unpacked(figures.bytes)
  const endings = ['svg', 'csv', 'tex'].map((ending) => [...drawn.keys()].filter((name) => new RegExp(`figure-.*\\.${ending}$`).test(name)))
  expect(endings[0].length).toBe(shown.length)
  for (const names of endings) expect(names.length, 'each figure in each form').toBe(shown.length)
  expect([...drawn.keys()].filter((name) => /table-.*\.tex$/.test(name)).length).toBeGreaterThan(2)

  // All are listed, and can be saved again as they were.
  const made = panel(page, 'Files')
  await expect(made.getByRole('listitem')).toHaveCount(4)
  const again = await saved(page, () => made.getByRole('button', { name: `Save ${pdf.name}` }).click())
  expect(again.bytes.equals(pdf.bytes)).toBe(true)
  await made.getByRole('button', { name: `Delete ${html.name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the file' }).click()
  await expect(made.getByRole('listitem')).toHaveCount(3)
})

/** Arrays of a safetensors file as bytes, with what its head says. */
function readSafetensors(file: Buffer): { arrays: Map<string, Buffer>; about: Record<string, string> } {
  const length = Number(file.readBigUInt64LE(0))
  const head = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number] } & Record<string, string>
  >
  const { __metadata__: about, ...entries } = head
  const body = file.subarray(8 + length)
  return { arrays: new Map(Object.entries(entries).map(([name, { data_offsets }]) => [name, body.subarray(...data_offsets)])), about }
}

/** Numbers of an NPY file as bytes. */
function readNpy(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file)
  return bytes.subarray(10 + bytes.readUInt16LE(8))
}

async function sample(page: Page, format: string): Promise<Buffer> {
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Sample 9 networks' }) })
  await form.getByRole('radio', { name: format }).click()
  const { name, bytes } = await saved(page, () => page.getByRole('button', { name: 'Sample 9 networks' }).click())
  expect(name).toMatch(new RegExp(`-9-networks\\.${format.toLowerCase()}$`))
  return bytes
}

test('one network in each format, and many in one file, are the same networks', async ({ window: page, trained }) => {
  await goTo(page, 'Export networks')
  await page.getByRole('radio', { name: 'A sampled network' }).check()
  await page.getByLabel('Index', { exact: true }).fill('3')
  const take = async (title: string, ending: string): Promise<Buffer> => {
    await page.getByRole('radio', { name: new RegExp(`^${title} `) }).check()
    const { name, bytes } = await saved(page, () => page.getByRole('button', { name: `Export ${title}` }).click())
    expect(name).toBe(`${trained.run}-network-3${ending}`)
    return bytes
  }
  const { arrays } = readSafetensors(await take('safetensors', '.safetensors'))
  const names = ['layers.0.bias', 'layers.0.kernel', 'layers.1.bias', 'layers.1.kernel']
  expect([...arrays.keys()].toSorted()).toEqual(names)
  const npz = unpacked(await take('NPZ', '.npz'))
  for (const name of names) expect(readNpy(npz.get(`${name}.npy`)!).equals(arrays.get(name)!), name).toBe(true)
  const onnx = await take('ONNX', '.onnx')
  const model = unpacked(await take('TensorFlow.js', '-tfjs.zip'))
  const weights = Buffer.from(model.get('weights.bin')!)
  expect(JSON.parse(utf8(model.get('model.json')!))).toMatchObject({ weightsManifest: [{ paths: ['weights.bin'] }] })
  for (const name of names) {
    // Kernels lie the other way round there.
    if (name.endsWith('bias')) expect(onnx.includes(arrays.get(name)!), `${name} in ONNX`).toBe(true)
    expect(weights.includes(arrays.get(name)!), `${name} in TensorFlow.js`).toBe(true)
  }

  await page.getByLabel('Networks', { exact: true }).fill('9')
  const { arrays: rows, about } = readSafetensors(await sample(page, 'safetensors'))
  const all = rows.get('weights')!
  const row = all.subarray(3 * (all.length / 9), 4 * (all.length / 9))
  const layout = JSON.parse(about['layout']) as { name: string; shape: number[]; offset: number }[]
  expect(layout.map(({ name }) => name).toSorted()).toEqual(names)
  for (const { name, shape, offset } of layout) {
    const size = shape.reduce((product, side) => product * side, 1)
    expect(row.subarray(4 * offset, 4 * (offset + size)).equals(arrays.get(name)!), `${name} in row 3`).toBe(true)
  }
  const packed = unpacked(await sample(page, 'NPZ'))
  expect(readNpy(packed.get('weights.npy')!).equals(all)).toBe(true)
  const listed = panel(page, 'Files').getByRole('listitem')
  await expect(listed).toHaveCount(6)
  await expect(listed.filter({ hasText: 'Loaded again with ' }), 'those of one network').toHaveCount(4)
})

test('networks that were taken out become a run again, and what is in doubt is asked', async ({ window: page }) => {
  await goTo(page, 'Export networks')
  await page.getByLabel('Networks', { exact: true }).fill('9')
  const rows = await sample(page, 'safetensors')
  await page.goto(`${new URL(page.url()).origin}/#/runs`)
  const dialog = page.getByRole('dialog', { name: 'Import networks' })
  const file = { name: 'rows.safetensors', mimeType: 'application/octet-stream', buffer: rows }
  // Dropped anywhere, they open their own import: images they are none.
  await inFolder(async (folder) => {
    await place(folder, [{ name: file.name, bytes: rows }])
    await drop(page, [join(folder, file.name)])
    await expect(dialog.getByLabel('Files')).toHaveText(file.name)
    await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeEnabled()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })
  await page.getByRole('button', { name: 'Import networks' }).click()
  await dialog.getByLabel('Files').setInputFiles(file)
  const press = () => dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await press()
  // Of the paper's target they are none.
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByRole('combobox', { name: 'Target network' }).click()
  await page.getByRole('option', { name: 'From a file' }).click()
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await dialog.getByLabel('Target in a file').setInputFiles({ name: 'target.json', mimeType: 'application/json', buffer: Buffer.from('7') })
  await press()
  await expect(dialog.getByRole('alert')).toContainText('holds no target')
  const json = { name: 'target.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(tinyTarget)) }
  await dialog.getByLabel('Target in a file').setInputFiles(json)
  await dialog.getByRole('combobox', { name: 'Data set' }).click()
  await page.getByRole('option', { name: 'bars' }).click()
  await dialog.getByLabel('Name').fill('brought back')
  await press()
  // They were trained for a moment.
  await expect(dialog.getByText(/another layout of kernels, another target/)).toBeVisible({ timeout: 60_000 })
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await dialog.getByRole('combobox', { name: 'Please answer' }).click()
  await page.getByRole('option').first().click()
  await press()
  await expect(page.getByRole('heading', { name: 'brought back', level: 1 })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('finished').first()).toBeVisible()
  // Nothing trains them.
  await expect(page.getByRole('button', { name: 'Fork' })).toHaveCount(0)
})

test('the run itself goes into another lab, whole', async ({ window: page, trained, browser }) => {
  const file = await saved(page, async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Export for another lab' }).click()
  })
  expect(file.name).toBe(`${trained.run}.weightscape`)
  await inFolder(async (folder) => {
    const server = new Server(folder, await freePort())
    await server.start()
    const other = await browser.newPage()
    try {
      await other.goto(server.url)
      await other.goto(`${new URL(server.url).origin}/#/runs`)
      const upload = { name: file.name, mimeType: 'application/x-tar', buffer: file.bytes }
      await other.getByLabel('File that runs were exported to').setInputFiles(upload)
      await expect(other.getByText(`1 run imported: ${trained.run}.`)).toBeVisible()
      await other.getByRole('button', { name: 'Open' }).click()
      await expect(other.getByText('finished').first()).toBeVisible()
      await other.goto(`${new URL(server.url).origin}/#/runs`)
      await other.getByLabel('File that runs were exported to').setInputFiles({ ...upload, buffer: file.bytes.subarray(0, 3000) })
      await expect(other.getByText(/is no whole archive of runs/)).toBeVisible()
    } finally {
      await other.close()
      await server.stop()
    }
  })
})
