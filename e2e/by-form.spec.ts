/** Evaluate, vote and distil by their forms: what is found is what was asked, and the command that is copied asks the same. */
import type { Locator, Page } from 'playwright/test'
import { choose, goTo, panel, patience } from './run-page.ts'
import { expect, test } from './trained-lab.ts'

test.setTimeout(3 * patience)

/** With spaces of one kind. */
const plain = (text: string): string => text.replaceAll(/\s+/g, ' ')

/** What the form's button copies. */
async function copied(page: Page, form: Locator): Promise<string> {
  await form.getByRole('button', { name: 'Copy the command' }).click()
  return page.evaluate(() => navigator.clipboard.readText())
}

test('evaluate, vote and distil by form', async ({ window: page, trained }) => {
  await trained.context.grantPermissions(['clipboard-read', 'clipboard-write'])

  await page.getByRole('tab', { name: /Results/ }).click()
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click()
  const evaluating = page.getByRole('dialog', { name: 'Evaluate sampled networks' })
  const networks = evaluating.getByLabel('Networks', { exact: true })
  for (const wrong of ['0', '1e99', '3.5', '']) {
    await networks.fill(wrong)
    await expect(networks, wrong).toHaveAccessibleDescription('Enter a whole number from 1 to 100,000.')
    await expect(evaluating.getByRole('button', { name: 'Evaluate', exact: true })).toBeDisabled()
    await expect(evaluating.getByRole('button', { name: 'Copy the command' }), 'nothing that cannot be run').toBeHidden()
  }
  await networks.fill('12')
  await choose(evaluating, 'Images', /^Test, all 30/)
  await evaluating.getByLabel('Seed', { exact: true }).fill('7')
  const evaluate = await copied(page, evaluating)
  expect(evaluate).toMatch(new RegExp(`evaluate ${trained.run} -n 12 --split test --images 30 --seed 7 --at 40$`))
  await evaluating.getByRole('button', { name: 'Evaluate', exact: true }).click()
  const found = page.getByRole('table', { name: 'Results' }).getByRole('cell', { name: /^12 networks on 30 test images/ })
  await expect(found).toBeVisible({ timeout: patience })
  const told = plain(await found.innerText())
  const [, mean, interval] = /: mean accuracy ([\d.]+) % \[([\d., ]+)\], single networks from [\d.]+ % to [\d.]+ %/.exec(told)!

  await goTo(page, 'Ensemble')
  await panel(page, 'Ensemble').getByRole('button', { name: 'Choose' }).click()
  const voting = page.getByRole('dialog', { name: 'Let networks vote' })
  await voting.getByLabel('Networks', { exact: true }).fill('12')
  await voting.getByLabel('Seed', { exact: true }).fill('7')
  await choose(voting, 'Images', /^Test, all 30/)
  await voting.getByLabel('Sizes', { exact: true }).fill('1, 4, 13')
  await expect(voting.getByRole('alert')).toHaveText(/An ensemble of 13 cannot be drawn from 12 networks/)
  await voting.getByLabel('Sizes', { exact: true }).fill('1, 4, 12')
  const vote = await copied(page, voting)
  await voting.getByRole('button', { name: 'Let them vote' }).click()
  const sizes = page.getByRole('table', { name: 'Accuracy by size' }).getByRole('row')
  await expect(sizes.getByRole('rowheader')).toHaveText([/^1(enough)?$/, /^4(enough)?$/, /^12(enough)?$/], { timeout: patience })
  // One network alone, each in turn, is what the evaluation told of.
  const [, , , single] = await sizes.nth(1).getByRole('cell').allInnerTexts()
  expect(single).toBe('12')
  const numbers = (text: string) => [...text.matchAll(/[\d.]+/g)].map(([found]) => Number(found))
  for (const cell of (await sizes.nth(1).getByRole('cell').allInnerTexts()).slice(0, 3)) {
    // With as many decimals as the other sizes have: at least none.
    const rounded = numbers(cell)
    const asEvaluated = numbers(`${mean} ${interval}`)
    expect(rounded).toHaveLength(asEvaluated.length)
    rounded.forEach((value, at) => expect(Math.abs(value - asEvaluated[at]), cell).toBeLessThan(0.56))
  }
  await expect(sizes.nth(3).getByRole('cell').last(), 'all of them can be drawn once').toHaveText('1')

  const student = panel(page, 'Student')
  await student.getByRole('button', { name: 'Choose' }).click()
  const distilling = page.getByRole('dialog', { name: 'Distil an ensemble' })
  await distilling.getByLabel('Networks', { exact: true }).fill('5')
  await distilling.getByText('Training of the student').click()
  await distilling.getByLabel('Steps', { exact: true }).fill('30')
  await distilling.getByLabel('Temperature', { exact: true }).fill('2')
  const distil = await copied(page, distilling)
  await distilling.getByRole('button', { name: 'Distil', exact: true }).click()
  await expect(student.getByText('30 steps')).toBeVisible({ timeout: patience })
  await expect(student).toContainText('Of 5 networks')

  // What is stored knows what was asked: the page lists commands that ask it again.
  await page.goto(`${trained.origin}/#/runs/${trained.run}?tab=results`)
  const listed = panel(page, 'Commands')
  for (const command of [evaluate, vote, distil]) await expect(listed).toContainText(command.replace(trained.run, 'latest'))
})
