/** A lab with a finished demo, made once a worker: what views have to show. */
import type { Page } from 'playwright/test'
import { expect, hear, test as base } from './lab.ts'
import { inSharedLab } from './shared-lab.ts'
import type { SharedLab } from './shared-lab.ts'

export interface DemoLab extends SharedLab {
  /** Id of the demo's run. */
  run: string
  /** Hash of its data set. */
  dataset: string
}

interface Fixtures {
  /** A page of that browser, at no address yet. */
  window: Page
  complaints: string[]
}

export const test = base.extend<Fixtures, { demo: DemoLab }>({
  demo: [
    async ({ browser }, use) =>
      inSharedLab(
        browser,
        {
          prepare: async (page) => {
            const run = await runDemo(page)
            return { run, dataset: await exportNetwork(page, run) }
          },
        },
        use,
      ),
    { scope: 'worker', timeout: 180_000 },
  ],
  window: async ({ demo, complaints }, use) => {
    const page = await demo.context.newPage()
    hear(page, complaints)
    await use(page)
    await page.close()
  },
})

async function runDemo(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Try it on MNIST' }).click()
  await expect(page.getByRole('button', { name: /running: mnist demo/i })).toBeVisible()
  await expect(page.getByRole('button', { name: /running/i })).toBeHidden({ timeout: 150_000 })
  return decodeURIComponent(/#\/runs\/([^/?]+)/.exec(page.url())![1])
}

/** Makes a file, so that there is one to show. @returns the hash of the run's data set */
async function exportNetwork(page: Page, run: string): Promise<string> {
  await page.getByRole('link', { name: 'Export networks' }).click()
  const saving = page.waitForEvent('download', { timeout: 60_000 })
  await page.getByRole('button', { name: /^Export / }).click()
  await saving
  await page.getByRole('link', { name: 'Live' }).click()
  await expect(page).toHaveURL(new RegExp(`/runs/${run}$`))
  const data = page.locator('main').getByRole('link', { name: 'mnist', exact: true })
  return /#\/data\/(.+)/.exec((await data.getAttribute('href'))!)![1]
}

export { expect }
