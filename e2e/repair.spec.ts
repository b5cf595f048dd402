/** A lab whose database is damaged: the window says so in the place of an empty lab, repairs it, and shows what there was. */
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseName } from '../src/main/store/files/folders.ts'
import { expect, test } from './lab.ts'
import { seedTinyRun } from './tiny-run.ts'

test.use({
  dataDir: async ({ dataDir }, use) => {
    await seedTinyRun(dataDir, { name: 'once lost', steps: 60 })
    await truncate(join(dataDir, databaseName))
    await use(dataDir)
  },
})

test('a damaged database is said, and repaired by a button', async ({ lab, dataDir }) => {
  await expect(lab.getByRole('heading', { name: 'The database of this lab is damaged' })).toBeVisible()
  await expect(lab.getByRole('alert')).toContainText('is damaged: it is empty, yet the folder holds 1 run and 1 data set.')
  await lab.reload()
  await lab.getByRole('button', { name: 'Repair the database' }).click()
  await expect(lab.getByRole('heading', { name: 'The database is whole again' })).toBeVisible()
  await expect(lab.getByText(join(dataDir, 'damaged'))).toBeVisible()
  await lab.getByRole('button', { name: 'Open the lab' }).click()
  await lab.getByRole('link', { name: /once lost/ }).click()
  await expect(lab.getByRole('heading', { name: 'once lost', level: 1 })).toBeVisible()
})
