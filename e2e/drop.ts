/** Files from this machine, dropped on a page as a person's file manager would. */
import type { Page } from 'playwright/test'

/**
 * Drops files and folders in the middle of the window. Events made in the page would not do: only what
 * the browser itself brings has folders that can be walked.
 * @param paths absolute
 */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const { width, height } = page.viewportSize()!
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data })
    // A browser drops nothing where the page has not said yet that it takes it: a hand rests a moment, too.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
  await session.detach()
}
