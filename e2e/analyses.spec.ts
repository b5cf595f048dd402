/** An analysis that has no view of its own is asked, and its result read, in the one that is made from its definition. */
import { readFile } from 'node:fs/promises'
import { expect, test } from './lab.ts'
import { stateOf } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

test.use(withTinyRuns({ name: 'sure', steps: 20 }))

test('calibration: from the list of analyses by the form to its figures', async ({ lab }) => {
  await lab.getByRole('link', { name: /sure/ }).click()
  await lab.getByRole('link', { name: 'Analyses', exact: true }).click()
  await expect(lab.getByText('Needs a checkpoint: train the run first.').first()).toBeVisible()
  await lab.getByRole('link', { name: 'Live' }).click()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(stateOf(lab)).toHaveText('finished', { timeout: 60_000 })

  // What everyone asks first, and behind it the rest by what one wants to know.
  const next = lab.getByRole('navigation', { name: 'Next steps' }).getByRole('link')
  await expect(next).toHaveText(['Evaluation', 'Ensemble', 'Student', 'Manifold', 'Report', 'More analyses'])
  await next.last().click()
  await expect(
    lab.getByRole('region', { name: 'How robust are they?' }).getByRole('link', { name: 'Open Distribution shift' }),
  ).toBeVisible()
  await lab.getByRole('link', { name: 'Live' }).click()

  // What nobody knows is said, with what there is; each address stands in the rail under the view that shows it.
  const run = lab.url().split('?')[0]
  const here = lab.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]')
  await lab.goto(`${run}/analyses/nothing`)
  await expect(lab.getByText('There is no analysis “nothing”')).toBeVisible()
  await expect(here).toHaveText('Analyses')
  await lab.getByRole('main').getByRole('link', { name: 'Student' }).click()
  await expect(lab.getByRole('heading', { name: 'Ensemble', level: 1 })).toBeVisible()
  await expect(here).toHaveText('Ensemble')

  await lab.getByRole('link', { name: 'Analyses', exact: true }).click()
  await lab.getByRole('link', { name: 'Open Calibration' }).click()
  await expect(lab.getByRole('heading', { name: 'Calibration', level: 1 })).toBeVisible()
  await lab.getByRole('button', { name: 'New analysis' }).click()

  const form = lab.getByRole('dialog', { name: 'Calibration' })
  const start = form.getByRole('button', { name: 'Start' })
  await expect(form.getByLabel('Bins', { exact: true })).toHaveAttribute('placeholder', '15')
  await form.getByLabel('Bins', { exact: true }).fill('1')
  await expect(form.getByText('It must be a whole number from 2 to 100.')).toBeVisible()
  await expect(start).toBeDisabled()
  await form.getByLabel('Bins', { exact: true }).fill('7')
  await form.getByLabel('Networks', { exact: true }).fill('12')
  await start.click()

  await expect(lab.getByText(/^Calibration error of 12 networks on .*\.$/)).toBeVisible({ timeout: 60_000 })
  await expect(lab.getByRole('table', { name: 'Single networks' }).getByRole('row').nth(1)).toBeVisible()
  await expect(lab.getByText(/calibrate .* -n 12 .*--bins 7/)).toBeVisible()
  // Images are those that the form's choice says: at first of validation, then of test.
  const other = lab.getByRole('button', { name: 'New analysis' })
  await expect(lab.getByText(/^Calibration error of 12 networks on \d+ validation images.*\.$/)).toBeVisible()
  await other.click()
  await form.getByLabel('Networks', { exact: true }).fill('12')
  await form.getByRole('combobox', { name: 'Images' }).click()
  await lab.getByRole('option', { name: /^Test, all/ }).click()
  await start.click()
  await expect(lab.getByText(/^Calibration error of 12 networks on \d+ test images.*\.$/)).toBeVisible({ timeout: 60_000 })
  await expect(lab.getByText(/calibrate .* -n 12 --split test/)).toBeVisible()

  const saving = lab.waitForEvent('download')
  await lab.getByRole('button', { name: 'Save this result' }).click()
  await lab.getByRole('menuitem', { name: 'CSV: Single networks' }).click()
  expect((await saving).suggestedFilename()).toMatch(/^calibrate-.*single-networks\.csv$/)

  const chart = async (format: string) => {
    const download = lab.waitForEvent('download')
    await lab.getByRole('button', { name: 'Save Accuracy by confidence' }).click()
    await lab.getByRole('menuitem', { name: format }).click()
    return readFile(await (await download).path())
  }
  const svg = (await chart('SVG, for papers')).toString()
  // XML, that other programs open: not HTML.
  const faults = await lab.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ?? null,
    svg,
  )
  expect(faults).toBeNull()
  for (const text of ['Accuracy by confidence', 'Single networks', 'Vote by mean probability', 'Ideal'])
    expect(svg).toContain(`>${text}</text>`)
  expect((await chart('PNG')).subarray(1, 4).toString()).toBe('PNG')
  expect((await chart('CSV, the numbers')).toString()).toMatch(
    /^confidence,Single networks,Single networks low,Single networks high,Vote by mean probability,Vote by mean probability low,Vote by mean probability high,Ideal\n/,
  )
})
