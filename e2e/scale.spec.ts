import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { expect, test } from './lab.ts'
import { peakStep, seedPlenty } from './seed.ts'

const points = 1_000_000

test.use({
  dataDir: async ({ dataDir }, use) => {
    await seedPlenty(dataDir, { runs: 10_000, points })
    await use(dataDir)
  },
})

test('ten thousand runs: listed, filtered, sorted, walked through; a million points: drawn and zoomed', async ({ lab }) => {
  await lab.getByRole('link', { name: 'Runs', exact: true }).click()
  const table = lab.getByRole('grid', { name: 'Runs' })
  const counted = lab.locator('main').getByRole('status')
  await expect(counted).toHaveText('10,001 runs')
  await expect(table).toHaveAttribute('aria-rowcount', '10002')
  expect(await table.getByRole('row').count(), 'only rows in sight are in the page').toBeLessThan(100)

  const filter = lab.getByRole('searchbox', { name: 'Filter runs' })
  await filter.fill('failed')
  await expect(counted).toHaveText('1,000 of 10,001 runs')
  await filter.fill('09999')
  await expect(table.getByRole('row', { name: /run 09999/ })).toBeVisible()
  await expect(counted).toHaveText('1 of 10,001 runs')
  await filter.press('Escape')
  await expect(counted).toHaveText('10,001 runs')

  await lab.getByRole('button', { name: 'Name' }).click()
  await expect(table.getByRole('row').nth(1)).toContainText('run 00001')
  await table.getByRole('row', { name: /run 00001/ }).focus()
  await lab.keyboard.press('End')
  await expect(table.getByRole('row', { name: /the long one/ })).toBeFocused()
  await lab.keyboard.press('Enter')

  await expect(lab.getByRole('heading', { name: 'the long one', level: 1 })).toBeVisible()
  const curve = lab.getByRole('slider', { name: /^Cross-entropy/ })
  await expect(curve).toHaveAttribute('aria-valuemax', String(points - 1))
  expect(await savedSteps(lab), 'a single peak among a million points is there').toContain(peakStep)

  await curve.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await curve.boundingBox())!
  await lab.mouse.move(x + 0.6 * width, y + height / 2)
  await lab.mouse.down()
  await lab.mouse.move(x + 0.7 * width, y + height / 2, { steps: 4 })
  await lab.mouse.up()
  await expect(curve).not.toHaveAttribute('aria-valuemin', '0')
  const zoomed = await savedSteps(lab)
  expect(Math.min(...zoomed)).toBeGreaterThan(points / 2)
  expect(zoomed.length, 'finer than before: only the part in sight is thinned').toBeGreaterThan(3000)

  await curve.dblclick()
  await expect(curve).toHaveAttribute('aria-valuemin', '0')
})

/** Steps of the cross-entropy as the chart hands them out. */
async function savedSteps(lab: Page): Promise<number[]> {
  await lab.getByRole('button', { name: 'Save Cross-entropy' }).click()
  const saving = lab.waitForEvent('download')
  await lab.getByRole('menuitem', { name: 'CSV, the numbers' }).click()
  const lines = (await readFile(await (await saving).path(), 'utf8')).trim().split('\n').slice(1)
  return lines.map((line) => Number(line.split(',')[0]))
}
