/** Every accuracy in any view of the made-up lab has its images, their number and an interval: this finds those without. */
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { serveWindow } from '../scripts/dev/serve-window.mjs'
import { inFolder } from './lab.ts'
import { expectSure, toldIn, type Told } from './told-shares.ts'

const run = '/runs/quiet-lynx'
const views = [
  '/',
  '/runs',
  '/runs/calm-otter',
  run,
  `${run}?tab=results`,
  `${run}/analyses`,
  `${run}/analyses/map`,
  `${run}/analyses/map?network=3`,
  `${run}/analyses/ensemble`,
  `${run}/analyses/evaluation`,
  `${run}/analyses/distillation`,
  `${run}/analyses/distillation-bench`,
  `${run}/networks`,
  `${run}/networks?network=3`,
  '/compare?runs=quiet-lynx,amber-finch',
]

test('each says how sure it is, and of which images', async ({ page }) => {
  test.setTimeout(400_000)
  await inFolder(async (folder) => {
    const root = fileURLToPath(new URL('..', import.meta.url))
    const served = await serveWindow(root, undefined, { cacheDir: join(folder, 'cache') })
    try {
      let seen = 0
      for (const view of views) {
        let told: Told[] = []
        // The page begins anew whenever its server finds more that it needs.
        await expect(async () => {
          await page.goto('about:blank') // else it would be the same page, with what it could not load
          await page.goto(`${served.address}testing/#${view}`)
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 20_000 })
          await expect(async () => {
            // What is drawn comes after the texts: it is all there when no more comes.
            const before = await toldIn(page)
            await page.waitForTimeout(400)
            told = await toldIn(page)
            expect(told.length).toBe(before.length)
            expect(told.length).toBeGreaterThan(0)
            expectSure(told, view)
            expect(await page.getByText('no interval: made before').count(), view).toBe(0)
          }).toPass({ timeout: 10_000 })
        }).toPass({ timeout: 45_000 })
        seen += told.length
      }
      expect(seen).toBeGreaterThan(100)
    } finally {
      await served.close()
    }
  })
})
