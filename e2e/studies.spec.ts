/** A study is planned in the window, carried out, read, and saved. */
import { readFile } from 'node:fs/promises'
import type { Locator } from 'playwright/test'
import { expect, test } from './lab.ts'
import { expectSure, toldIn } from './told-shares.ts'

async function allOff(group: Locator): Promise<void> {
  const on = group.getByRole('switch', { checked: true })
  for (let left = await on.count(); left > 0; left--) await on.first().click()
}

test('two methods are compared over two seeds', async ({ lab }) => {
  test.setTimeout(240_000)
  await lab.getByRole('link', { name: 'Studies' }).click()
  await lab.getByLabel('Name', { exact: true }).fill('two/ways')
  await expect(lab.getByText('A name has letters and digits')).toBeVisible()
  await expect(lab.getByRole('button', { name: 'Start', exact: true })).toBeDisabled()
  await lab.getByLabel('Name', { exact: true }).fill('two ways')
  await lab.getByRole('textbox', { name: 'Repeat over seeds' }).fill('1..2')

  const methods = lab.getByRole('group', { name: 'Methods' })
  await allOff(methods)
  await expect(lab.getByText('Choose at least two.')).toBeVisible()
  await methods.getByRole('switch', { name: 'Hypernetwork (mnist-quick)' }).click()
  await methods.getByRole('switch', { name: 'Independent training (mnist-ensemble)' }).click()
  await lab.getByRole('radio', { name: 'Steps', exact: true }).click()
  await lab.getByLabel('Steps each').fill('2')
  const asked = lab.getByRole('group', { name: 'Analyses of each run' })
  await allOff(asked)
  await asked.getByRole('switch', { name: 'Evaluation' }).click()
  await lab.getByLabel('Number of images').fill('50')
  await expect(lab.getByText('4 runs')).toBeVisible()
  await expect(lab.getByText("study run 'two ways' --presets mnist-quick,mnist-ensemble --data mnist --seeds 1,2 --steps 2 ")).toBeVisible()
  await lab.getByRole('button', { name: 'Start', exact: true }).click()

  await expect(lab.getByRole('heading', { name: 'two ways' })).toBeVisible({ timeout: 60_000 })
  await expect(lab.getByText('4 of 4 runs have ended.')).toBeVisible({ timeout: 200_000 })
  const results = lab.getByRole('table', { name: 'Table of results: Evaluation' })
  await expect(results.getByRole('rowheader')).toHaveText(['Hypernetwork (mnist-quick)', 'Independent training (mnist-ensemble)'])
  // So few steps and seeds tell no method from the other: intervals are wide.
  await expect(lab.getByText(/: mean over 2 seeds, so few that intervals are wide, with 95 % interval;/), 'said once').toHaveCount(1)
  await expect(results).not.toContainText('2 seeds')
  await expect(lab.getByRole('img', { name: /Mean ranks: Mean network/ })).toBeVisible()

  expectSure(await toldIn(lab), 'study')

  const saving = lab.waitForEvent('download')
  await lab.getByRole('button', { name: 'Save CSV' }).click()
  const rows = (await readFile(await (await saving).path(), 'utf8')).trim().split('\r\n')
  expect(rows.filter((row) => /,Mean network,2,/.test(row)).map((row) => row.split(',')[0])).toEqual(['mnist-quick', 'mnist-ensemble'])

  await lab.getByRole('button', { name: 'Delete' }).click()
  await lab.getByRole('alertdialog').getByRole('button', { name: 'Delete the study' }).click()
  await expect(lab.getByText('No studies yet')).toBeVisible()
})
