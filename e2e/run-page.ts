/** What the page of a run says. */
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
