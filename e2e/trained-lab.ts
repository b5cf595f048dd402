/** A lab with a tiny run that is trained, made once a worker: what can be asked of its networks is there in a moment. */
import type { Page } from 'playwright/test'
import { expect, hear, test as base } from './lab.ts'
import { patience, trainToEnd } from './run-page.ts'
import { inSharedLab } from './shared-lab.ts'
import type { SharedLab } from './shared-lab.ts'
import { seedTinyRun } from './tiny-run.ts'

export interface TrainedLab extends SharedLab {
  /** Id of the run. */
  run: string
}

interface Fixtures {
  /** A page at the run. */
  window: Page
  complaints: string[]
}

const steps = 40

export const test = base.extend<Fixtures, { trained: TrainedLab }>({
  trained: [
    async ({ browser }, use) => {
      let run = ''
      const seed = async (folder: string): Promise<void> => {
        run = await seedTinyRun(folder, { name: 'ready', steps })
      }
      const prepare = async (page: Page): Promise<{ run: string }> => {
        await page.getByRole('link', { name: /ready/ }).click()
        await trainToEnd(page)
        return { run }
      }
      await inSharedLab(browser, { seed, prepare }, use)
    },
    { scope: 'worker', timeout: patience + 60_000 },
  ],
  window: async ({ trained, complaints }, use) => {
    const page = await trained.context.newPage()
    hear(page, complaints)
    await page.goto(`${trained.origin}/#/runs/${trained.run}`)
    await expect(page.getByRole('heading', { name: 'ready', level: 1 })).toBeVisible()
    await use(page)
    await page.close()
  },
})

export { expect }
