/** What the page of a run says, and what is done there. */
import { readFile } from 'node:fs/promises'
import { expect } from 'playwright/test'
import type { Locator, Page } from 'playwright/test'

/** The run's state, in the bar above every view of it. */
export const stateOf = (page: Page): Locator => page.getByRole('banner').locator('.state')

/** One of the figures above the tabs. */
export const figure = (page: Page, label: string): Locator =>
  page
    .locator('.stat')
    .filter({ has: page.locator('.label').getByText(label, { exact: true }) })
    .locator('.value')

/** The step that the page shows. */
export async function shownStep(page: Page): Promise<number> {
  return Number((await figure(page, 'Step').innerText()).replaceAll(/\D/g, ''))
}

/** Milliseconds for what the engine does: it gives way to whatever else the machine does. */
export const patience = 240_000

/** Trains the run that is shown to its end. */
export async function trainToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(stateOf(page)).toHaveText('finished', { timeout: patience })
}

/** Chooses in a list that opens. */
export async function choose(within: Page | Locator, label: string, option: string | RegExp): Promise<void> {
  await within.getByLabel(label, { exact: true }).click()
  const page = 'page' in within ? within.page() : within
  await page.getByRole('option', { name: option }).click()
}

/** The file that the browser is given after a click. */
export async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const saving = page.waitForEvent('download', { timeout: patience })
  await click()
  const download = await saving
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

/** A panel of a view, by its title. */
export const panel = (page: Page, title: string): Locator =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

/** Goes to a view by the list of views at the side; pages have links of the same names. */
export const goTo = (page: Page, view: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view, exact: true }).click()
