import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright/test'
import { expect, test } from './lab.ts'
import { goTo } from './run-page.ts'

/** From the end of the demo to a PDF on the person's disk. */
async function savedPdf(lab: Page, make: () => Promise<void>): Promise<Buffer> {
  await make()
  const saving = lab.waitForEvent('download')
  await lab
    .getByRole('button', { name: /save .*\.pdf/i })
    .first()
    .click()
  return await readFile(await (await saving).path())
}

test('by mouse: one click trains, maps, votes, distils and reports; another takes the PDF home', async ({ lab }) => {
  await lab.getByRole('button', { name: 'Try it on MNIST' }).click()
  await expect(lab.getByRole('heading', { name: 'demo', level: 1 }), 'the run is shown as soon as it is there').toBeVisible()
  await expect(lab.getByRole('button', { name: /running: mnist demo/i })).toBeVisible()
  await expect(lab.getByRole('button', { name: /running/i }), 'all stages are done').toBeHidden({ timeout: 90_000 })

  await lab.getByRole('button', { name: /^Save First-layer filters at step/ }).click()
  const saving = lab.waitForEvent('download')
  await lab.getByRole('menuitem', { name: 'SVG, for papers' }).click()
  expect(await readFile(await (await saving).path(), 'utf8')).toMatch(/>First-layer filters at step \d+<.*full colour at ±.*>network 0</)

  await goTo(lab, 'Manifold')
  await expect(lab.getByText('t-SNE of 40')).toBeVisible()
  await goTo(lab, 'Ensemble')
  await expect(lab.getByText(/enough|are needed/).first()).toBeVisible()
  await goTo(lab, 'Report')
  await expect(lab.frameLocator('iframe').getByRole('heading', { name: 'demo' })).toBeVisible()
  const pdf = await savedPdf(lab, () => Promise.resolve())
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.length).toBeGreaterThan(20_000)
})
