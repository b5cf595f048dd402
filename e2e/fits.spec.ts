/** What views of the made-up lab show lies over nothing else and is not cut off, from narrow windows to wide ones. */
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import type { Page } from 'playwright/test'
import { expect, test } from 'playwright/test'
import { serveWindow } from '../scripts/dev/serve-window.mjs'
import { inFolder } from './lab.ts'

const run = '/runs/quiet-lynx'
const views = [
  '/',
  '/runs',
  run,
  `${run}/analyses`,
  `${run}/analyses/ensemble`,
  '/compare?runs=quiet-lynx,amber-finch',
  '/studies',
  '/system',
]

/** Texts that lie over each other, and numbers that are cut off; what is cut with dots is seen up to its box. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const shown: { text: string; of: Element; left: number; right: number; top: number; bottom: number }[] = []
    const faults: string[] = []
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const of = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (of === null || text === '' || of.closest('.visually-hidden, .wide-only, style, title, desc') !== null) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const box of range.getClientRects()) {
        let { left, right, top, bottom } = box
        for (let around: Element | null = of; around !== null && around !== document.body; around = around.parentElement) {
          if (around instanceof SVGElement || getComputedStyle(around).overflowX === 'visible') continue
          const frame = around.getBoundingClientRect()
          if (/^\S+ \[/.test(text) && around === of && right > frame.right + 1) faults.push(`cut off: ${text}`)
          ;[left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)]
          ;[top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)]
        }
        if (right - left > 2 && bottom - top > 4) shown.push({ text, of, left, right, top, bottom })
      }
    }
    for (const [at, a] of shown.entries())
      for (const b of shown.slice(at + 1)) {
        const [wide, high] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)]
        if (a.of !== b.of && wide > 3 && high > 5) faults.push(`${a.text} / ${b.text}`)
      }
    const [where, beside] = ['header .where > :last-child', 'header .right'].map((part) =>
      document.querySelector(part)!.getBoundingClientRect(),
    )
    if (where.right > beside.left + 1) faults.push('where one is lies under what runs')
    const run = document.querySelector('header .where .run')
    if (run !== null && run.getBoundingClientRect().width < 20) faults.push('the run has no name')
    return faults
  })

test('nothing lies over anything else, and no number is cut off', async ({ page }) => {
  test.setTimeout(400_000)
  await inFolder(async (folder) => {
    const served = await serveWindow(fileURLToPath(new URL('..', import.meta.url)), undefined, { cacheDir: join(folder, 'cache') })
    try {
      for (const view of views) {
        // The page begins anew whenever its server finds more that it needs.
        await expect(async () => {
          await page.goto('about:blank')
          await page.goto(`${served.address}testing/#${view}`)
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 20_000 })
          for (const width of [1024, 1280, 1920]) {
            await page.setViewportSize({ width, height: 900 })
            await expect(async () => expect(await faultsOf(page), `${view} at ${width}`).toEqual([])).toPass({ timeout: 8000 })
          }
        }).toPass({ timeout: 90_000 })
      }
    } finally {
      await served.close()
    }
  })
})
