/** What each test has: a data folder of its own, a server over it, and a page that is let in. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from 'playwright/test'
import type { Page } from 'playwright/test'
import { freePort, Server } from './server.ts'

/** A server that is restarted leaves failed connections in the log; looking into the frame of a report is a script there. */
const expected = /WebSocket connection|ERR_CONNECTION|Blocked script execution in 'about:srcdoc'/

/** Notes what a page complains about. */
export function hear(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
  })
}

interface Fixtures {
  /** Put something into the data folder before the server starts: override with `test.use`. */
  dataDir: string
  server: Server
  /** A page that is in, at the start view. */
  lab: Page
  /** What the page complained about: must be nothing. */
  complaints: string[]
}

/** A folder that is gone after its use. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weightscape-e2e-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

export const test = base.extend<Fixtures>({
  dataDir: async ({}, use) => inFolder(use),
  server: async ({ dataDir }, use) => {
    const server = new Server(dataDir, await freePort())
    await server.start()
    await use(server)
    await server.stop()
  },
  complaints: async ({}, use) => {
    const complaints: string[] = []
    await use(complaints)
    expect(complaints, 'what the page complained about').toEqual([])
  },
  lab: async ({ server, page, complaints }, use) => {
    hear(page, complaints)
    await page.goto(server.url)
    await use(page)
  },
})

export { expect }
