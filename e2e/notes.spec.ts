/** What a person writes about a run stays, and is found again. */
import { expect, test } from './lab.ts'
import { goTo } from './run-page.ts'
import { withTinyRuns } from './tiny-run.ts'

test.use(withTinyRuns({ name: 'plain', steps: 20 }, { name: 'noted', steps: 20 }))

test('a note, tags and a name stay, and tags find the run', async ({ lab, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await lab.getByRole('link', { name: /noted/ }).click()
  await lab.getByRole('tab', { name: 'Notes and log' }).click()
  await lab.getByLabel('Note', { exact: true }).fill('Of no use:\nthe <b>bars</b> are too dim.')
  const tags = lab.getByLabel('Tags', { exact: true })
  await tags.pressSequentially('frontier,first try')
  await tags.press('Enter')
  await tags.pressSequentially('first try')
  await tags.press('Enter')
  await expect(lab.getByRole('button', { name: /^Remove/ })).toHaveCount(2)
  await lab.getByRole('button', { name: 'Remove first try' }).click()

  await lab.reload()
  await expect(lab.getByLabel('Note', { exact: true })).toHaveValue('Of no use:\nthe <b>bars</b> are too dim.')
  await expect(lab.getByRole('button', { name: /^Remove/ })).toHaveText([''])
  await expect(lab.getByRole('button', { name: 'Remove frontier' })).toBeVisible()

  await lab.getByRole('button', { name: 'More' }).click()
  await lab.getByRole('menuitem', { name: 'Copy the id' }).click()
  const id = decodeURIComponent(/#\/runs\/([^/?]+)/.exec(lab.url())![1])
  expect(await lab.evaluate(() => navigator.clipboard.readText())).toBe(id)
  await lab.getByRole('tab', { name: 'Settings' }).click()
  await lab.getByRole('button', { name: 'Copy the document' }).click()
  await expect(lab.getByRole('status').filter({ hasText: 'Copied' })).toBeAttached()
  const document = JSON.parse(await lab.evaluate(() => navigator.clipboard.readText())) as { training: { steps: number } }
  expect(document.training.steps).toBe(20)

  await goTo(lab, 'Runs')
  await lab.getByRole('searchbox', { name: 'Filter runs' }).fill('frontier')
  await expect(lab.getByRole('grid', { name: 'Runs' }).getByRole('row')).toHaveCount(2)
  await expect(lab.getByRole('row', { name: /noted/ })).toBeVisible()
})
