/** What is deleted can be brought back, after the window was closed too, until it is deleted for good. */
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { classFolders } from '../src/main/data/testing/pictures.ts'
import { place } from '../src/main/data/testing/imports.ts'
import { drop } from './drop.ts'
import { expect, inFolder, test } from './lab.ts'

async function deleteShown(lab: Page): Promise<void> {
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Delete' }).click()
}

test('a deleted data set is in the trash, comes back, and goes for good', async ({ lab }) => {
  await inFolder(async (folder) => {
    await place(join(folder, 'shapes'), await classFolders(8))
    await drop(lab, [join(folder, 'shapes')])
    await expect(lab.getByRole('button', { name: 'Import this data set' })).toBeEnabled()
  })
  await lab.getByRole('textbox', { name: 'Name' }).fill('leaves')
  await lab.getByRole('button', { name: 'Import this data set' }).click()
  await expect(lab.getByRole('heading', { name: 'leaves', level: 1 })).toBeVisible()
  const address = lab.url()
  await deleteShown(lab)

  await lab.getByRole('link', { name: 'Trash' }).click()
  const row = lab.getByRole('row', { name: /leaves data set/ })
  await expect(row).toBeVisible()
  await lab.reload()
  await row.getByRole('checkbox').check()
  await lab.getByRole('button', { name: 'Restore' }).click()
  await expect(lab.getByText('The trash is empty')).toBeVisible()

  await lab.goto(address)
  await expect(lab.getByRole('heading', { name: 'leaves', level: 1 })).toBeVisible()
  await deleteShown(lab)
  await lab.goto(address)
  await expect(lab.getByText('The data set "leaves" is in the trash.')).toBeVisible()
  await lab.getByRole('alert').getByRole('link', { name: 'Trash' }).click()
  await expect(lab.getByText(/^Emptying it frees/)).toBeVisible()
  await lab.getByRole('button', { name: 'Empty the trash' }).click()
  await lab.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
  await expect(lab.getByText('The trash is empty')).toBeVisible()
  await lab.goto(address)
  await expect(lab.getByText('This data set is not here')).toBeVisible()
})
