/** A lab that several tests look at, and that outlives each of them. */
import type { Browser, BrowserContext, Page } from 'playwright/test'
import { inFolder } from './lab.ts'
import { freePort, Server } from './server.ts'

export interface SharedLab {
  /** A browser that is in. */
  context: BrowserContext
  /** Where its pages are, without the part after `#`. */
  origin: string
  dataDir: string
}

interface Steps<T> {
  /** Puts something into the data folder before it is opened. */
  seed?: (folder: string) => Promise<unknown>
  /** What is to be there before tests come, done on a page at the start view. */
  prepare: (page: Page) => Promise<T>
}

/** @param use the lab with what was prepared, until it resolves */
export function inSharedLab<T>(browser: Browser, { seed, prepare }: Steps<T>, use: (lab: SharedLab & T) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await seed?.(folder)
    const server = new Server(folder, await freePort())
    await server.start()
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' })
    try {
      const page = await context.newPage()
      await page.goto(server.url)
      const prepared = await prepare(page)
      await page.close()
      await use({ context, origin: new URL(server.url).origin, dataDir: folder, ...prepared })
    } finally {
      await context.close()
      await server.stop()
    }
  })
}
