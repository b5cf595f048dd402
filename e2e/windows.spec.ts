import { expect, hear, test } from './lab.ts'
import { figure, patience, shownStep, stateOf } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

test.use(withTinyRuns({ name: 'shared', steps: 1_000_000 }))

test.setTimeout(2 * patience)

test('two windows on one run show the same, and each what the other does', async ({ lab, server, browser, complaints }) => {
  // The address opens once: the second browser has the next one, and its own cookie.
  await expect(lab.getByRole('heading', { name: 'Start', level: 1 })).toBeVisible()
  const other = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const second = await other.newPage()
  hear(second, complaints)
  await second.goto(server.url)

  for (const page of [lab, second]) {
    await page.getByRole('link', { name: /shared/ }).click()
    await expect(page.getByRole('heading', { name: 'shared', level: 1 })).toBeVisible()
    await expect(stateOf(page)).toHaveText('not started')
  }

  await lab.getByRole('button', { name: 'Start', exact: true }).click()
  for (const page of [lab, second]) {
    await expect(stateOf(page)).toHaveText('training')
    await expect.poll(() => shownStep(page), { timeout: patience }).toBeGreaterThan(20)
  }

  await second.getByRole('button', { name: 'Pause' }).click()
  for (const page of [lab, second]) {
    await expect(stateOf(page)).toHaveText('paused')
    await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  }
  for (const label of ['Step', 'Cross-entropy', 'Entropy', 'Nearest distance']) {
    await expect(figure(second, label)).toHaveText(await figure(lab, label).innerText())
  }

  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Rename' }).click()
  await lab.getByRole('dialog').getByRole('textbox').fill('told to all')
  await lab.keyboard.press('Enter')
  await expect(second.getByRole('heading', { name: 'told to all', level: 1 })).toBeVisible()

  const pausedAt = await shownStep(lab)
  await lab.getByRole('button', { name: 'Resume' }).click()
  await expect(stateOf(second)).toHaveText('training', { timeout: patience })
  await expect.poll(() => shownStep(second), { timeout: patience }).toBeGreaterThan(pausedAt)
  await other.close()
})

test('what one window deletes is no longer shown by the other, until it is restored', async ({ lab, context }) => {
  await lab.getByRole('link', { name: /shared/ }).click()
  await expect(stateOf(lab)).toHaveText('not started')
  const second = await context.newPage()
  await second.goto(lab.url())
  await expect(second.getByRole('button', { name: 'Start', exact: true })).toBeVisible()
  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(second.getByRole('alert')).toContainText('This run cannot be shown')
  await expect(second.getByRole('button', { name: 'Start', exact: true })).toHaveCount(0)
  await lab.getByRole('button', { name: 'Undo' }).click()
  await expect(second.getByRole('button', { name: 'Start', exact: true })).toBeVisible()
})
