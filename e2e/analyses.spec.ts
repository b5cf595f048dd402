/** An analysis that has no view of its own is asked, and its result read, in the one that is made from its definition. */
import { expect, test } from './demo-lab.ts'

test('calibration: from the list of analyses by the form to its figures', async ({ window, demo }) => {
  await window.goto(`${demo.origin}/#/runs/${demo.run}/analyses`)
  await window.getByRole('link', { name: 'Open Calibration' }).click()
  await expect(window.getByRole('heading', { name: 'Calibration', level: 1 })).toBeVisible()
  await window.getByRole('button', { name: 'New calibration' }).click()

  const form = window.getByRole('dialog', { name: 'Calibration' })
  const start = form.getByRole('button', { name: 'Start' })
  await expect(form.getByLabel('Bins', { exact: true })).toHaveAttribute('placeholder', '15')
  await form.getByLabel('Bins', { exact: true }).fill('1')
  await expect(form.getByText('It must be a whole number from 2 to 100.')).toBeVisible()
  await expect(start).toBeDisabled()
  await form.getByLabel('Bins', { exact: true }).fill('7')
  await form.getByLabel('Networks', { exact: true }).fill('12')
  await start.click()

  await expect(window.getByText(/^Calibration error of 12 networks on .*\.$/)).toBeVisible({ timeout: 60_000 })
  await expect(window.getByRole('table', { name: 'Single networks' }).getByRole('row').nth(1)).toBeVisible()
  await expect(window.getByText(/calibrate .* -n 12 .*--bins 7/)).toBeVisible()
  const saving = window.waitForEvent('download')
  await window.getByRole('button', { name: 'Save this result' }).click()
  await window.getByRole('menuitem', { name: 'CSV: Single networks' }).click()
  expect((await saving).suggestedFilename()).toMatch(/^calibrate-.*single-networks\.csv$/)
})
