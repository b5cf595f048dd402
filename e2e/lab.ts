/** What each test has: a data folder of its own, a server over it, and a page that is let in. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test as base } from 'playwright/test'
import type { Page } from 'playwright/test'
import { shortDemo } from './short-demo.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A server that can be killed and started again under the same address. */
export class Server {
  readonly dataDir: string
  readonly #port: number
  #child: ChildProcess | undefined
  /** Lets a browser in: it holds the token. */
  url = ''
  /** What it said on stderr. */
  words = ''

  constructor(dataDir: string, port: number) {
    this.dataDir = dataDir
    this.#port = port
  }

  async start(): Promise<void> {
    const args = ['src/main/cli/main.ts', 'serve', '--data-dir', this.dataDir, '--port', String(this.#port), '--json']
    const env = { ...process.env, WEIGHTSCAPE_DEMO_PLAN: shortDemo }
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.words += text))
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { event: string; url?: string; message?: string }
      if (event.event === 'error') throw new Error(event.message)
      if (event.event !== 'listening') continue
      this.url = event.url ?? ''
      child.stdout.resume()
      return
    }
    throw new Error(`The server ended before it listened.\n${this.words}`)
  }

  /** Ends it: politely, or as a power cut would. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(timer)
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** A server that is restarted leaves failed connections in the log; looking into the frame of a report is a script there. */
const expected = /WebSocket connection|ERR_CONNECTION|Blocked script execution in 'about:srcdoc'/

interface Fixtures {
  /** Put something into the data folder before the server starts: override with `test.use`. */
  dataDir: string
  server: Server
  /** A page that is in, at the start view. */
  lab: Page
  /** What the page complained about: must be nothing. */
  complaints: string[]
}

export const test = base.extend<Fixtures>({
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'weightscape-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  },
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
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
    })
    await page.goto(server.url)
    await use(page)
  },
})

export { expect }
