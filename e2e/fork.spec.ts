/** A run is ended for good, and another begins at one of its checkpoints with other settings. */
import { expect, test } from './lab.ts'
import { choose, patience, shownStep, stateOf } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

test.setTimeout(3 * patience)
test.use(withTinyRuns({ name: 'endless', steps: 1_000_000 }))

test('stopped for good, and forked from a checkpoint with other settings', async ({ lab }) => {
  await lab.getByRole('link', { name: /endless/ }).click()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()
  // Checkpoints are taken every 20 steps.
  await expect.poll(() => shownStep(lab), { intervals: [50], timeout: patience }).toBeGreaterThan(45)
  await lab.getByRole('button', { name: 'Stop', exact: true }).click()
  const asked = lab.getByRole('alertdialog', { name: 'Stop endless?' })
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await expect(stateOf(lab), 'it was only asked').toHaveText('training')
  await lab.getByRole('button', { name: 'Stop', exact: true }).click()
  await asked.getByRole('button', { name: 'Stop the run' }).click()
  await expect(stateOf(lab)).toHaveText('stopped', { timeout: patience })
  const stoppedAt = await shownStep(lab)
  await lab.reload()
  await expect(stateOf(lab)).toHaveText('stopped')
  await expect(lab.getByRole('button', { name: /^(Start|Resume)$/ }), 'it does not go on').toHaveCount(0)
  const id = decodeURIComponent(/#\/runs\/([^/?]+)/.exec(lab.url())![1])

  await lab.getByRole('tab', { name: /Checkpoints/ }).click()
  const steps = await lab.getByRole('table', { name: 'Table of checkpoints' }).getByRole('rowheader').allInnerTexts()
  const [newest, before] = steps.map((text) => Number(text.replaceAll(/\D/g, '')))
  expect(newest, 'stopping takes one').toBe(stoppedAt)

  await lab.getByRole('button', { name: 'Fork', exact: true }).click()
  const form = lab.getByRole('dialog', { name: 'Fork endless' })
  await expect(form.getByLabel('Split', { exact: true })).toHaveValue('120 training, 30 validation, 30 test')
  await expect(form.getByLabel('Split', { exact: true })).toBeDisabled()
  await choose(form, 'From the checkpoint at step', before.toLocaleString('en'))
  await form.getByLabel('Name', { exact: true }).fill('gentler')
  await form.getByLabel('Learning rate', { exact: true }).fill('0.0005')
  await form.getByLabel('Steps', { exact: true }).fill(String(before))
  await form.getByRole('button', { name: 'Fork', exact: true }).click()
  const inSteps = form.getByLabel('Steps', { exact: true })
  await expect(inSteps, 'it is said at the field').toHaveAccessibleDescription(
    /“Steps” is \d+: there is nothing left to train\. Ask for more/,
  )
  await expect(inSteps).toBeFocused()
  await expect(lab.getByRole('alert'), 'and nowhere else').toHaveCount(0)
  await form.getByLabel('Steps', { exact: true }).fill(String(before + 30))
  await form.getByRole('button', { name: 'Fork', exact: true }).click()

  await expect(lab.getByRole('heading', { name: 'gentler', level: 1 })).toBeVisible()
  await expect(lab.getByText(`forked from ${id} at step ${before.toLocaleString('en')}`)).toBeVisible()
  await expect(stateOf(lab)).toHaveText('finished', { timeout: patience })
  expect(await shownStep(lab)).toBe(before + 30)
  await lab.getByRole('tab', { name: 'Settings' }).click()
  await expect(lab.getByText('0.0005')).toBeVisible()
  // Its curve begins where it was forked; what went before is the other's.
  await lab.getByRole('tab', { name: 'Live' }).click()
  const curve = lab.getByRole('slider', { name: /^Cross-entropy/ })
  await expect(curve).toHaveAttribute('aria-valuemax', String(before + 30))
  expect(Number(await curve.getAttribute('aria-valuemin'))).toBeGreaterThanOrEqual(before)
})
