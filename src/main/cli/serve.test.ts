/** The lab behind the browser server, from its command line to its end: real HTTP, WebSockets, store and data reader. */
import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunSummary } from '../../shared/contract/runs.ts'
import { createClient } from '../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../shared/rpc/client.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import type { Faults } from '../lab/testing/fake-engine.ts'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'
import { nodeSocketLink } from '../server/testing/socket-link.ts'
import { runCommandLine } from './run.ts'
import type { CliHost } from './cli-host.ts'

/** Time for what is waited for, on a machine that has other things to do. */
const soon = { timeout: 60_000 }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
  await mkdir(join(folder, 'pages'))
  await writeFile(join(folder, 'pages', 'index.html'), 'the page')
})
const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
  await rm(folder, { recursive: true, force: true })
})

interface Serving {
  url: URL
  events: Record<string, unknown>[]
  err: string
  interrupt(): void
  code: Promise<number>
}

async function serve(words: string[] = ['--port', '0'], faults: Faults = {}): Promise<Serving> {
  const listening = Promise.withResolvers<URL>()
  const handlers = new Set<() => void>()
  const serving = { events: [], err: '', interrupt: () => handlers.forEach((handler) => handler()) } as unknown as Serving
  const host: CliHost = {
    program: 'lab',
    version: '9.9.9',
    stdout: (text) => {
      const event = JSON.parse(text) as Record<string, unknown>
      serving.events.push(event)
      if (event['event'] === 'listening') listening.resolve(new URL((event['url'] as string).replace('PORT', '1')))
    },
    stderr: (text) => void (serving.err += text),
    terminal: false,
    columns: 100,
    env: { WEIGHTSCAPE_DATA: join(folder, 'data') },
    platform: 'linux',
    home: folder,
    now: Date.now,
    openEngine: () => fakeEngine(faults),
    pages: join(folder, 'pages'),
    openBrowser: () => undefined,
    onInterrupt: (handler) => {
      handlers.add(handler)
      return () => void handlers.delete(handler)
    },
    exit: () => undefined,
  }
  serving.code = runCommandLine(['serve', '--json', ...words], host)
  serving.url = await Promise.race([listening.promise, serving.code.then((code) => Promise.reject(new Error(`${code}: ${serving.err}`)))])
  endings.push(async () => {
    serving.interrupt()
    await serving.code
  })
  return serving
}

async function enter(url: URL): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' })
  return response.headers.getSetCookie()[0].split(';')[0]
}

function visit(url: URL, cookie: string): ConnectedClient {
  const client = createClient(nodeSocketLink(url.origin, cookie))
  endings.push(() => client.close())
  return client
}

async function importTiny(client: ConnectedClient): Promise<void> {
  await mkdir(join(folder, 'idx'), { recursive: true })
  const paths = await writeTinyIdx(join(folder, 'idx'))
  const { id } = await client.call('imports.begin', {})
  await client.call('imports.addPaths', { id, paths })
  await client.call('imports.commit', { id, name: 'bars', options: {} })
}

const settings = tinySettings.map((setting) => {
  const [key, value] = [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]
  return { key, value: JSON.parse(value) as never }
})

it('trains what a window asks for, pauses it with a checkpoint when it ends, and finds its windows again', async () => {
  const reached = Promise.withResolvers<undefined>()
  const first = await serve(['--port', '0'], { onStep: (step) => step === 7 && reached.resolve(undefined) })
  const { port } = first.url
  const cookie = await enter(first.url)
  const client = visit(first.url, cookie)
  await importTiny(client)
  const changes: RunSummary[] = []
  let reopened = 0
  client.open('runs.watch', {}, { item: ({ changed }) => changes.push(...changed), reopened: () => reopened++ })
  const steps: number[] = []
  const run = await client.call('runs.create', { from: 'mnist-quick', data: 'bars', settings, start: false })
  client.open('metrics.watch', { run: run.id }, { item: ({ series }) => series.forEach((one) => steps.push(...one.steps)) })
  await client.call('runs.start', { id: run.id })
  await reached.promise
  first.interrupt()
  expect(await first.code).toBe(0)
  expect(first.events.at(-1)).toEqual({ event: 'result', paused: [run.id] })

  const second = await serve(['--port', port])
  await expect.poll(() => client.connection.value.state, soon).toBe('connected')
  const { run: paused, checkpoints } = await client.call('runs.get', { id: run.id })
  expect(paused.state).toBe('paused')
  expect(checkpoints[0]).toMatchObject({ reason: 'paused', step: paused.step })
  expect(reopened).toBeGreaterThan(0)
  await client.call('runs.start', { id: run.id })
  await expect.poll(() => changes.findLast(({ id }) => id === run.id)?.state, soon).toBe('finished')
  await expect.poll(() => Math.max(...steps), soon).toBe(20)
  // Each step of each metric came once, over two connections and two labs.
  const read = await client.call('metrics.read', { run: run.id, names: await client.call('metrics.names', { run: run.id }) })
  expect(steps.length).toBe(read.reduce((sum, one) => sum + one.steps.length, 0))
  // One address a browser, none of them anywhere but on stdout.
  expect(second.err).not.toContain('token')
  expect(first.events.filter(({ event }) => event === 'address')).toHaveLength(1)
})

it('takes files and gives them, over HTTP', async () => {
  const { url } = await serve()
  const cookie = await enter(url)
  const client = visit(url, cookie)
  await mkdir(join(folder, 'idx'), { recursive: true })
  const { id } = await client.call('imports.begin', {})
  for (const path of await writeTinyIdx(join(folder, 'idx'))) {
    const response = await fetch(new URL(`/upload/${id}/bars/${path.split('/').at(-1)}`, url), {
      method: 'PUT',
      headers: { cookie, origin: url.origin },
      body: await readFile(path),
    })
    expect(response.status).toBe(204)
  }
  const preview = await client.call('imports.preview', { id, options: {} })
  expect(preview).toMatchObject({ format: 'idx', count: 150 })
  const dataset = await client.call('imports.commit', { id, name: 'bars', options: {} })
  expect(dataset.count).toBe(150)
  expect((await fetch(new URL('/artefacts/none', url), { headers: { cookie } })).status).toBe(404)
})

it('listens on a socket that its owner alone can use, and leaves nothing there', async () => {
  const path = join(folder, 'lab.sock')
  const serving = await serve(['--socket', path])
  expect((await lstat(path)).mode & 0o777).toBe(0o600)
  const token = serving.url.searchParams.get('token')
  const status = await new Promise((resolve, reject) => {
    // As from the end of a tunnel: any port may stand in Host.
    request({ socketPath: path, path: `/?token=${token}`, headers: { host: 'localhost:9000' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(303)
  serving.interrupt()
  expect(await serving.code).toBe(0)
  await expect(lstat(path)).rejects.toThrow(/ENOENT/)
})

it('says so when the place is taken or cannot be one', async () => {
  const { url } = await serve()
  await expect(serve(['--port', url.port, '--data-dir', join(folder, 'other')])).rejects.toThrow(/^1/)
  await expect(serve(['--data-dir', join(folder, 'data')])).rejects.toThrow(/^1/)
  await expect(serve(['--port', '1', '--socket', 'x', '--data-dir', join(folder, 'other')])).rejects.toThrow(/^2/)
  await writeFile(join(folder, 'file'), 'precious')
  await expect(serve(['--socket', join(folder, 'file'), '--data-dir', join(folder, 'other')])).rejects.toThrow(/^2/)
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('precious')
})
