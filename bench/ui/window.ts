/** The built window in a Chromium, with a stopwatch in its page. */
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import type { Browser, BrowserContext, Page } from 'playwright'
import { findChromium } from '../../scripts/checks/chromium.mjs'
import { LabError } from '../../src/shared/errors.ts'

/** Milliseconds after which an answer is given up. */
const patience = 30_000
const stopwatch = fileURLToPath(new URL('../../e2e/stopwatch.mjs', import.meta.url))

/** @throws LabError `set-up` when there is no Chromium on this machine */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) {
    throw new LabError('set-up', 'There is no Chromium on this machine.', 'Install one, or name it in WEIGHTSCAPE_CHROMIUM.')
  }
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  })
}

/** A browser of its own in the lab, at the usual size. */
export async function newWindow(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  await context.addInitScript({ path: stopwatch })
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  return { context, page }
}

/** What is asked of the page, in the page's own words. */
export function ask<T>(page: Page, words: string): Promise<T> {
  return page.evaluate<T>(words)
}

/** Words of the page: a text that an element holds, with no more around it than asked. */
export const holds = (selector: string, text: string): string =>
  `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`

/**
 * Does something and waits until its answer is on the screen.
 * @param kind of the input that counts: the last of what `act` makes
 * @param isShown condition in the page's words
 * @returns milliseconds from that input to the end of the frame that shows the answer
 */
export async function answer(
  page: Page,
  kind: 'click' | 'pointerup' | 'keydown',
  isShown: string,
  act: () => Promise<void>,
): Promise<number> {
  await ask(page, `stopwatch.arm(${JSON.stringify(kind)})`)
  const answered = ask<number>(page, `stopwatch.answer(() => ${isShown})`)
  // Unheard until it is awaited, a page that is lost meanwhile must not end the bench.
  answered.catch(() => undefined)
  await act()
  return within(answered, `an answer to: ${isShown}`)
}

/** @throws Error when nothing has come in time, naming what */
export async function within<T>(coming: Promise<T>, what: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`The window has not given ${what}`)), patience)
  try {
    return await Promise.race([coming, promise])
  } finally {
    clearTimeout(timer)
  }
}
