/** A run's own split, by the form: dealt anew, and asked about where equal images are on both sides. */
import type { ImportedDataset } from '../src/shared/dataset.ts'
import { tinyBars } from '../src/main/lab/testing/tiny-data.ts'
import { openStore } from '../src/main/store/open-store.ts'
import { addDataset } from '../src/main/store/testing/samples.ts'
import { expect, test } from './lab.ts'
import { choose } from './run-page.ts'

/** With this seed the twins come apart; with 7 they do not. */
const leaking = '3'

/** Bars that all differ, but for two among those for training. */
function twins(): ImportedDataset {
  const bars = tinyBars()
  for (let image = 0; image < bars.count; image++) bars.images[36 * image] = image
  bars.images.copyWithin(3 * 36, 0, 36)
  return bars
}

test.use({
  dataDir: async ({ dataDir }, use) => {
    const store = openStore(dataDir)
    await addDataset(store, twins(), 'bars')
    store.close()
    await use(dataDir)
  },
})

test('a split is chosen for a run, refused, doubted, accepted, shown', async ({ lab }) => {
  await lab.goto(`${lab.url().split('#')[0]}#/new?data=bars`)
  await expect(lab.getByText('110 training, 20 validation, 20 test', { exact: true })).toBeVisible()
  await choose(lab, 'Split', /^New validation split/)
  await expect(lab.getByText('110 training, 20 validation, 20 test; dealt anew from 130 images, seed 1')).toBeVisible()
  await expect(lab.getByLabel('Test images', { exact: true })).toHaveCount(0)

  await choose(lab, 'Split', /^New split of all images/)
  const [validation, tests, seed] = ['Validation images', 'Test images', 'Seed of the split'].map((label) =>
    lab.getByLabel(label, { exact: true }),
  )
  const start = lab.getByRole('button', { name: 'Start training' })
  await validation.fill('200')
  await expect(lab.getByText(/"bars" has 150; at least one must train/).first()).toBeVisible()
  await expect(start).toBeDisabled()
  await validation.fill('0.4')
  await tests.fill('0.2')
  await seed.fill('7')
  const words = lab.getByText('60 training, 60 validation, 30 test; dealt anew from 150 images, seed 7')
  await expect(words).toBeVisible()
  await expect(start).toBeEnabled()

  const doubt = lab.getByText(/(is|are) also among those for training, to the last pixel/)
  await seed.fill(leaking)
  await expect(doubt).toBeVisible()
  await expect(start).toBeDisabled()
  await lab.getByRole('button', { name: 'Keep them all' }).click()
  await expect(doubt).toHaveCount(0)
  await expect(lab.getByText(/; images that are equal across splits kept$/)).toBeVisible()
  await expect(start).toBeEnabled()
  await seed.fill('7')
  await expect(words).toBeVisible()
  await seed.fill(leaking)
  await expect(doubt, 'another split is asked about again').toBeVisible()
  await lab.getByRole('button', { name: 'Keep them all' }).click()

  await lab.getByLabel('Name', { exact: true }).fill('dealt')
  await lab.getByRole('button', { name: 'Save without starting' }).click()
  await expect(lab.getByRole('heading', { name: 'dealt', level: 1 })).toBeVisible()
  await lab.getByRole('tab', { name: 'Settings' }).click()
  await expect(lab.getByText('Images dealt anew')).toBeVisible()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(lab.getByText(`60 training, 60 validation, 30 test; dealt anew from 150 images, seed ${leaking};`)).toBeVisible()
  await expect(seed).toHaveValue(leaking)
})
