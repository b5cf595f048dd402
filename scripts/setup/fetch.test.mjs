import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sha256 } from './files.mjs'
import { fetchWheel } from './pip.mjs'
import { temporaryContext } from './temporary.mjs'

const NAME = 'thing-1.0-py3-none-any.whl'
const WHEEL = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) >> 5))

/**
 * @typedef {object} Behaviour
 * @property {boolean} [ranges] whether the server knows them (else it sends whole files)
 * @property {number[]} [limits] bytes of each answer in turn before it is cut off; then they are whole
 * @property {boolean} [stall] keep an answer that is cut open instead of closing it
 * @property {boolean} [hash] whether the index gives the file's hash
 */

/**
 * An index of one wheel on this machine, and a context whose pip uses it.
 * @param {Behaviour} [behaviour]
 */
async function withIndex({ ranges = true, limits = [], stall = false, hash = true } = {}) {
  /** @type {number[]} where each answer began */
  const starts = []
  const server = createServer((request, response) => {
    if (!request.url?.endsWith('.whl')) {
      response.setHeader('content-type', 'text/html')
      response.end(`<!DOCTYPE html><html><body><a href="/files/${NAME}${hash ? `#sha256=${sha256(WHEEL)}` : ''}">${NAME}</a></body></html>`)
      return
    }
    const asked = ranges ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
    if (asked >= WHEEL.length) {
      response.writeHead(416).end()
      return
    }
    starts.push(asked)
    const body = WHEEL.subarray(asked)
    response.writeHead(asked > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(asked > 0 ? { 'content-range': `bytes ${asked}-${WHEEL.length - 1}/${WHEEL.length}` } : {}),
    })
    const limit = limits.shift()
    if (limit === undefined) response.end(body)
    else response.write(body.subarray(0, limit), () => stall || response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  const made = await temporaryContext()
  const { PATH, HOME } = process.env
  const env = {
    PATH,
    HOME,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_INDEX_URL: `http://127.0.0.1:${address.port}/simple`,
    PIP_RETRIES: '0',
    NO_PROXY: '127.0.0.1',
  }
  const context = { ...made.context, env }
  const downloads = join(context.cache, 'downloads')
  await mkdir(downloads, { recursive: true })
  return { ...made, context, starts, downloads, part: join(downloads, `${NAME}.part`) }
}

const WANTED = { requirement: 'thing==1.0', platforms: ['manylinux_2_27_x86_64'], sha256: sha256(WHEEL) }

/** @param {{ path: string }} fetched */
async function expectWhole({ path }) {
  expect((await readFile(path)).equals(WHEEL)).toBe(true)
}

describe('fetching what was cut off', () => {
  it('goes on from the bytes that are there, and says so', async () => {
    const { context, starts, said, part, downloads } = await withIndex()
    await writeFile(part, WHEEL.subarray(0, 1_999_999))
    const fetched = await fetchWheel(context, WANTED)
    await expectWhole(fetched)
    expect(starts).toEqual([1_999_999])
    expect(said[0]).toBe('  fetching thing: going on from the 2 MB that are there')
    expect((await readdir(downloads)).sort()).toEqual([NAME, 'thing==1.0-manylinux_2_27_x86_64.json'].sort())
  })

  it('goes on by itself each time the connection ends early', async () => {
    const { context, starts } = await withIndex({ limits: [1_000_000, 500_000] })
    // The index gives the hash where none is pinned.
    const fetched = await fetchWheel(context, { requirement: 'thing<2,>=1', platforms: WANTED.platforms })
    await expectWhole(fetched)
    expect(fetched.sha256).toBe(sha256(WHEEL))
    expect(starts).toEqual([0, 1_000_000, 1_500_000])
  })

  it('begins afresh where the bytes kept were damaged', async () => {
    const { context, starts, said, part } = await withIndex()
    await writeFile(part, Buffer.alloc(1_000_000))
    await expectWhole(await fetchWheel(context, WANTED))
    expect(starts).toEqual([1_000_000, 0])
    expect(said).toContain('  fetching thing: from the start, since the bytes kept were damaged')
  })

  it('begins afresh where more bytes were kept than the file has', async () => {
    const { context, starts, part } = await withIndex()
    await writeFile(part, Buffer.alloc(WHEEL.length + 1))
    await expectWhole(await fetchWheel(context, WANTED))
    expect(starts).toEqual([0])
  })

  it('asks for nothing where all bytes are there', async () => {
    const { context, starts, part } = await withIndex()
    await writeFile(part, WHEEL)
    await expectWhole(await fetchWheel(context, WANTED))
    expect(starts).toEqual([])
  })

  it('begins afresh where the server knows no ranges', async () => {
    const { context, starts, said, part } = await withIndex({ ranges: false })
    await writeFile(part, WHEEL.subarray(0, 1_000_000))
    await expectWhole(await fetchWheel(context, WANTED))
    expect(starts).toEqual([0])
    expect(said).toContain('  fetching thing: from the start, since the server sends whole files only')
  })

  it('refuses a file that is not the pinned one, and keeps nothing of it', async () => {
    const { context, downloads } = await withIndex()
    const other = sha256('another')
    await expect(fetchWheel(context, { ...WANTED, sha256: other })).rejects.toThrow(`${NAME} is not the file it should be`)
    expect(await readdir(downloads)).toEqual([])
  })

  it('stops where the connection brings nothing any more, and keeps what came', async () => {
    const { context, part } = await withIndex({ limits: [1_000_000, 0, 0, 0] })
    await expect(fetchWheel(context, WANTED)).rejects.toThrow(`Fetching ${NAME} stopped after 1 MB: `)
    expect((await readFile(part)).equals(WHEEL.subarray(0, 1_000_000))).toBe(true)
    await expectWhole(await fetchWheel(context, WANTED))
  })

  it('leaves to pip what no hash is known of', async () => {
    const { context, said } = await withIndex({ hash: false })
    const wanted = { requirement: 'thing==1.0', platforms: WANTED.platforms }
    // pip looks into it, and says that it is no zip file.
    await expect(fetchWheel(context, wanted)).rejects.toThrow('pip could not fetch thing==1.0')
    expect(said[0]).toContain('(the index gives no SHA-256 to check it by)')
  })

  it('leaves a file of this machine to pip, without a word', async () => {
    const { context, said, folder, starts } = await withIndex()
    const links = join(folder, 'links')
    await mkdir(links)
    await writeFile(join(links, NAME), 'no zip file')
    const env = { ...context.env, PIP_NO_INDEX: '1', PIP_FIND_LINKS: links }
    await expect(fetchWheel({ ...context, env }, WANTED)).rejects.toThrow('pip could not fetch thing==1.0')
    expect(said).toEqual([])
    expect(starts).toEqual([])
  })

  it('goes on at the next start after a kill', async () => {
    const { context, starts, part } = await withIndex({ limits: [2_500_000], stall: true })
    const module = fileURLToPath(new URL('pip.mjs', import.meta.url))
    const code = `const [module, context, wanted] = process.argv.slice(1)
      const { fetchWheel } = await import(module)
      await fetchWheel({ ...JSON.parse(context), say() {} }, JSON.parse(wanted))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, module, JSON.stringify(context), JSON.stringify(WANTED)])
    const size = () =>
      stat(part).then(
        (found) => found.size,
        () => 0,
      )
    while ((await size()) < 2_000_000) await sleep(20)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await expectWhole(await fetchWheel(context, WANTED))
    expect(starts).toHaveLength(2)
    expect(starts[1]).toBeGreaterThanOrEqual(2_000_000)
  })
})
