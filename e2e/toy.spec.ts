/** The toy problem trains before one's eyes, is paused, begun anew with other settings, and saved. */
import { readFile } from 'node:fs/promises'
import { expect, test } from './lab.ts'

test('a curve learns a surface that is chosen', async ({ lab }) => {
  await lab.getByRole('link', { name: 'Toy problem' }).click()
  const steps = lab.locator('.stat', { hasText: 'Steps' }).locator('.value')
  const done = async () => Number((await steps.innerText()).replaceAll(',', ''))
  await expect.poll(done).toBeGreaterThan(40)
  await lab.getByRole('button', { name: 'Pause' }).click()
  const paused = await done()
  // On a large screen its figure has the whole of its panel.
  await lab.setViewportSize({ width: 1920, height: 1080 })
  const widthOf = async () => (await lab.getByRole('img', { name: /The toy problem/ }).boundingBox())?.width ?? 0
  await expect.poll(widthOf).toBeGreaterThan(1100)
  await lab.setViewportSize({ width: 1280, height: 720 })
  await expect.poll(widthOf).toBeLessThan(900)
  const curve = await lab.getByRole('img', { name: /The toy problem/ }).innerHTML()

  await lab.getByLabel('Weight of diversity', { exact: true }).fill('-1')
  await expect(lab.getByText('It must be a number from 0 to 100.')).toBeVisible()
  expect(await done()).toBe(paused)
  await lab.getByLabel('Weight of diversity', { exact: true }).fill('')
  await lab.getByRole('combobox', { name: 'Surface' }).click()
  await lab.getByRole('option', { name: 'Ring' }).click()
  expect(await done()).toBe(0)
  expect(await lab.getByRole('img', { name: /The toy problem/ }).innerHTML()).not.toBe(curve)
  await lab.getByRole('button', { name: 'Train' }).click()
  await expect.poll(done).toBeGreaterThan(20)

  const saving = lab.waitForEvent('download')
  await lab.getByRole('button', { name: 'Save the toy problem' }).click()
  await lab.getByRole('menuitem', { name: /CSV/ }).click()
  const rows = (await readFile(await (await saving).path(), 'utf8')).trim().split('\r\n')
  expect([rows[0], rows.length]).toEqual(['z,y1,y2,f,distance to the next', 1001])
})
