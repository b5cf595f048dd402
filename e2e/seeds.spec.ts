/** A run repeated over seeds from its page: its repeats find each other, and are compared as one. */
import { openStore } from '../src/main/store/open-store.ts'
import { expect, test } from './lab.ts'
import { addTinyRun } from './tiny-run.ts'

/** Mean accuracy of each seed that has been trained and evaluated. */
const ended = [0.7, 0.8]

test.use({
  dataDir: async ({ dataDir }, use) => {
    const store = openStore(dataDir)
    for (const [i, mean] of ended.entries()) {
      const { id, document } = await addTinyRun(store, { name: `shapes, seed ${i + 1}`, steps: 20, seed: i + 1 })
      store.runs.move(id, 'training')
      const at = (name: string, step: number, value: number) => ({ name, step, value, at: step })
      store.metrics.append(
        id,
        [10, 20].map((step) => at('sampled.mean', step, mean - (20 - step) / 100)),
      )
      const { hash } = await store.checkpoints.save(id, { step: 20, arrays: { weights: new Float32Array(10) } }, 'finished')
      store.runs.move(id, 'finished', { step: 20, seconds: 10 })
      const accuracies = [mean, mean, mean]
      const found = { n: 3, images: 30, split: 'test' as const, mean, std: 0, min: mean, max: mean, loss: 1, entropy: 3, seconds: 1 }
      store.results.add({
        ...{ run: id, kind: 'evaluation', step: 20, checkpoint: hash, seed: document.seed, count: 3, networks: null },
        ...{ dataset: document.data.id, split: 'test', images: 30, options: {} },
        result: { ...found, accuracies, losses: [1, 1, 1] },
      })
    }
    store.close()
    await use(dataDir)
  },
})

test('a run is repeated over seeds, and its repeats are one curve and one row', async ({ lab }) => {
  await lab
    .getByRole('link', { name: /shapes, seed 1/ })
    .first()
    .click()
  await expect(lab.getByRole('link', { name: 'seed 1, 1 of 2' })).toBeVisible()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Repeat over seeds' }).click()
  const dialog = lab.getByRole('dialog', { name: 'Repeat shapes, seed 1 over seeds' })
  const seeds = dialog.getByRole('textbox', { name: 'Repeat over seeds' })
  await expect(seeds).toHaveValue('3..6')
  await seeds.fill('5..1')
  await expect(dialog.getByText('5..1 runs backwards: write 1..5.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Repeat', exact: true })).toBeDisabled()
  await seeds.fill('2,3')
  await expect(dialog.getByText('1 run, one after another: about 10 s in all (1 seed there already)')).toBeVisible()
  await dialog.getByRole('switch', { name: 'Start training' }).click()
  await dialog.getByRole('button', { name: 'Repeat', exact: true }).click()

  const results = lab.getByRole('table', { name: 'Table of results: Evaluation' })
  await expect(results.getByRole('rowheader')).toHaveText(['shapes, 3 seeds'])
  const accuracy = lab.getByRole('slider', { name: /^Sampled accuracy/ })
  await expect(accuracy).toHaveAttribute('aria-valuetext', /shapes, 3 seeds: mean of 2 of 3 seeds, band least to greatest 75\.00/)
  // Student's interval of 0.7 and 0.8, SciPy: 0.75 -+ 0.635, as far as a share can be.
  const row = results.getByRole('row', { name: /^shapes, 3 seeds/ })
  await expect(row).toContainText(/75\s% \[11,\s100\]\s+s\.d\. 7\.1\spoints /)
  await expect(results.getByRole('columnheader').first()).toContainText('first 3 networks, first 30 test images')
  await expect(row.getByText('70.00', { exact: false }).first()).toBeHidden()
  await row.getByText('Each seed').first().click()
  await expect(row.getByText('70.00', { exact: false }).first()).toBeVisible()
  await expect(row).toContainText(/70\.00\s%, 80\.00\s% \(seeds 1, 2 alone: not yet found, or on another basis, of seed 3/)
  await expect(lab.getByRole('table', { name: 'Table of settings' }).getByRole('rowheader')).toHaveText([/^Seed/])
  await lab.getByText('Repeats over seeds as one').click()
  await expect(results.getByRole('rowheader')).toHaveCount(3)
})

test('a new run is made once for each seed that its form is given', async ({ lab }) => {
  test.setTimeout(300_000)
  await lab.getByRole('link', { name: 'New experiment' }).first().click()
  const seeds = lab.getByRole('textbox', { name: 'Repeat over seeds' })
  // MNIST is unpacked first.
  await expect(lab.getByLabel('Seed', { exact: true })).toHaveValue('8734', { timeout: 120_000 })
  await expect(lab.getByText('one run, of the seed that is set')).toBeVisible()
  await seeds.fill('1,x')
  await expect(lab.getByRole('button', { name: 'Save without starting' })).toBeDisabled()
  await seeds.fill('4..5')
  await expect(lab.getByText(/^2 runs, one after another: about /)).toBeVisible()
  await expect(lab.getByRole('button', { name: 'Start 2 runs' })).toBeEnabled()
  await lab.reload()
  await expect(seeds).toHaveValue('4..5')
  await lab.getByRole('button', { name: 'Save without starting' }).click()
  await lab.getByRole('link', { name: 'Runs', exact: true }).click()
  // Beside the two that are there.
  await expect(lab.getByRole('status').filter({ hasText: '4 runs' })).toBeVisible()
})
