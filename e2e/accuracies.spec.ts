/** Every accuracy in any view of the made-up lab has its images, their number and an interval: this finds those without. */
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { expect, test } from 'playwright/test'
import { serveWindow } from '../scripts/dev/serve-window.mjs'
import { bareShares, saysImages } from '../src/shared/statistics/testing/bare-shares.ts'
import { inFolder } from './lab.ts'

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

interface Told {
  text: string
  /** What stands around it: its line or figure first, then its panel. */
  around: string[]
}

/** Texts that hold a percentage; not ticks of axes and ends of colour scales, what machines do, how far tasks are, disagreement, training images of a step. */
const toldIn = (page: Page): Promise<Told[]> =>
  page.evaluate(() => {
    const elsewhere =
      '[data-mark*="axis"], [aria-label*="axis"], [aria-label^="Nearest"], .legend[role="img"], desc, title, .rest, .machine, [aria-label="Machine"]'
    const column = (cell: Element): string => {
      const row = cell.closest('tr')
      const head = row?.closest('table, [role="grid"]')?.querySelectorAll('thead th, [role="columnheader"]')
      return row === null || head === undefined ? '' : (head[[...row.children].indexOf(cell.closest('td, th') ?? cell)]?.textContent ?? '')
    }
    return [...document.querySelectorAll('body *')].flatMap((element) => {
      const own = [...element.childNodes]
        // Where there is little room, an interval has a line of its own.
        .filter((node) => node.nodeType === 3 || /^\[/.test(node.textContent ?? ''))
        .map((node) => node.textContent)
        .join(' ')
        .replaceAll(/ {2,}/g, ' ')
      if (!/\d\s?%/.test(own) || element.closest(elsewhere) !== null) return []
      const beside = element.parentElement?.textContent ?? ''
      if (
        /^(Disagree|Load|Processor|GPU)/.test(column(element).trim()) ||
        /^\s*(Disagree|training images of the step|Processor|CPU|GPU)/.test(beside)
      )
        return []
      const places = ['li, tr, .stat, .result, .figures', 'table, [role="grid"]', 'section, .panel, .grid > *, form']
      return [{ text: own, around: places.flatMap((place) => element.closest(place)?.textContent ?? []) }]
    })
  })

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
            expect(
              told.flatMap(({ text }) => bareShares(text)),
              `${view}: without an interval`,
            ).toEqual([])
            const unplaced = told.filter(({ text, around }) => / \[/.test(text) && !saysImages(text) && !around.some(saysImages))
            expect(
              unplaced.map(({ text }) => text),
              `${view}: without images`,
            ).toEqual([])
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
