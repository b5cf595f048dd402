/** A run repeated over seeds from its page: trained one after another, and compared as one. */
import { expect, test } from './lab.ts'
import { withTinyRuns } from './tiny-run.ts'

test.use(withTinyRuns({ name: 'shapes', steps: 60 }))

test('a run is repeated over seeds, and its repeats are one curve and one row', async ({ lab }) => {
  await lab.getByRole('link', { name: /shapes/ }).click()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Repeat over seeds' }).click()
  const dialog = lab.getByRole('dialog', { name: 'Repeat shapes over seeds' })
  const seeds = dialog.getByRole('textbox', { name: 'Repeat over seeds' })
  await expect(seeds).toHaveValue('1..4')
  await seeds.fill('5..1')
  await expect(dialog.getByText('5..1 runs backwards: write 1..5.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Repeat', exact: true })).toBeDisabled()
  await seeds.fill('1,2')
  await expect(dialog.getByText(/^2 runs/)).toBeVisible()
  await dialog.getByRole('button', { name: 'Repeat', exact: true }).click()

  const results = lab.getByRole('table', { name: 'Table of results' })
  await expect(results.getByRole('rowheader')).toHaveText(['shapes, 3 seeds'])
  await expect(lab.getByText('shapes, 3 seeds: mean of 2 of 3 seeds, band least to greatest').first()).toBeVisible({ timeout: 90_000 })
  await expect(results.getByText(/^s\.d\. .* over 2 seeds, so few that the interval is wide$/).first()).toBeVisible({ timeout: 30_000 })
  await expect(results.getByText(/not yet found, or on another basis, of seed \d+/).first()).toBeVisible()
  await expect(lab.getByRole('table', { name: 'Table of settings' }).getByRole('rowheader')).toHaveText([/^Seed/])
  await lab.getByRole('switch', { name: 'Repeats over seeds as one' }).click()
  await expect(results.getByRole('rowheader')).toHaveCount(3)

  await lab.getByRole('link', { name: 'Runs' }).first().click()
  await lab.getByRole('searchbox').first().fill('3 of 3')
  await expect(lab.getByText('3 of 3').first()).toBeVisible()
})
