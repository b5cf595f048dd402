import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drop } from './drop.ts'
import { expect, inFolder, test as base } from './lab.ts'

/** @param files a folder to make files in */
const test = base.extend<{ files: string }>({ files: async ({}, use) => inFolder(use) })

test('what was typed survives leaving and a reload; a document is saved, loaded, dropped; a run is duplicated', async ({ lab, files }) => {
  test.setTimeout(300_000)
  const seed = lab.getByLabel('Seed', { exact: true })
  await lab.getByRole('link', { name: 'New experiment' }).first().click()
  // MNIST is unpacked first.
  await expect(seed).toHaveValue('8734', { timeout: 120_000 })
  await seed.fill('77')
  await lab.getByLabel('Name', { exact: true }).fill('mine')
  await lab.getByRole('link', { name: 'Runs', exact: true }).click()
  await lab.goBack()
  await expect(seed).toHaveValue('77')
  await lab.reload()
  await expect(seed).toHaveValue('77')
  await expect(lab.getByText('in the preset 8734')).toBeVisible()

  await lab.getByRole('tab', { name: /Document/ }).click()
  const saving = lab.waitForEvent('download')
  await lab.getByRole('button', { name: 'Save the document' }).click()
  const saved = await saving
  expect(saved.suggestedFilename()).toBe('mine.json')
  const text = await readFile(await saved.path(), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ seed: 77, preset: 'mnist-quick' })
  await lab.getByRole('tab', { name: 'Form' }).click()
  await lab.getByRole('button', { name: 'Start over' }).click()
  await expect(seed).toHaveValue('8734')

  const [good, broken, foreign] = ['good.json', 'broken.json', 'foreign.json'].map((name) => join(files, name))
  await writeFile(good, text)
  await writeFile(broken, text.slice(0, 300))
  await writeFile(foreign, '{"version": 2, "sead": 3}')
  const load = async (path: string): Promise<void> => {
    const choosing = lab.waitForEvent('filechooser')
    await lab.getByRole('button', { name: 'Load a document' }).click()
    await (await choosing).setFiles([path])
  }
  await load(broken)
  await expect(lab.getByText('The document broken.json could not be read: it ends early.')).toBeVisible()
  await load(foreign)
  await expect(lab.getByText(/The document has no key "sead". Did you mean "seed"\?|preset is missing\./)).toBeVisible()
  await expect(seed).toHaveValue('8734')
  await load(good)
  await expect(lab.getByText('Starts from the document of good.json.')).toBeVisible()
  await expect(seed).toHaveValue('77')
  await lab.getByRole('button', { name: 'Start over' }).click()
  await drop(lab, [good])
  await expect(seed).toHaveValue('77')

  await lab.getByLabel('Name', { exact: true }).fill('first')
  await lab.getByRole('button', { name: 'Save without starting' }).click()
  await expect(lab.getByRole('heading', { name: 'first', level: 1 })).toBeVisible()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(lab.getByText('Starts from the document of first.')).toBeVisible()
  await expect(lab.getByLabel('Name', { exact: true })).toHaveValue('first copy')
  await expect(seed).toHaveValue('77')
})
