import { once } from 'node:events'
import { link, lstat, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { request as send } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { LabError } from '../../shared/errors.ts'
import { createClient } from '../../shared/rpc/client.ts'
import { encodeFrame } from '../../shared/rpc/frame.ts'
import { protocolVersion } from '../../shared/rpc/messages.ts'
import { createApi } from '../api/api.ts'
import { testRouter } from '../api/testing/test-router.ts'
import { openHttpServer } from './http-server.ts'
import type { HttpServer } from './http-server.ts'
import type { Place } from './listen.ts'
import { nodeSocketLink } from './testing/socket-link.ts'

/** Time for what is waited for, on a machine that has other things to do. */
const soon = { timeout: 60_000 }

let folder: string
let server: HttpServer
let port: number
let cookie: string
const addresses: string[] = []
let room = 1_000_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'door-'))
  await mkdir(join(folder, 'pages', 'assets'), { recursive: true })
  await mkdir(join(folder, 'import'))
  await writeFile(join(folder, 'pages', 'index.html'), '<!doctype html><p>the page</p>')
  await writeFile(join(folder, 'pages', 'assets', 'main-4f3a.js'), 'export const a = 1')
  await writeFile(join(folder, 'pages', 'assets', 'main-4f3a.js.gz'), gzipSync('export const a = 1'))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'report.html'), '0123456789')
  const router = testRouter({
    handlers: { 'preferences.get': () => ({ theme: 'dark' }), 'metrics.names': () => ['x'.repeat(20 << 20)] },
    artefact: (id) => {
      if (id === 'gone') return { path: join(folder, 'gone'), name: 'gone.pdf', type: 'application/pdf' }
      if (id !== 'r1') throw new LabError('not-found', 'There is no such file.', 'Make it.')
      return { path: join(folder, 'report.html'), name: 'Bericht "é".html', type: 'text/html' }
    },
    uploadFolder: (id) => {
      if (id !== 'i1') throw new LabError('not-found', 'There is no such import.', 'Begin one.')
      return {
        path: join(folder, 'import'),
        reserve: (bytes) => {
          if (bytes > room) return false
          room -= bytes
          return true
        },
        // As if the bytes stayed nowhere.
        release: (bytes) => void (room += bytes),
        received: () => undefined,
      }
    },
  })
  server = await openHttpServer({
    api: createApi(router),
    pages: join(folder, 'pages'),
    place: { port: 0 },
    key: Buffer.alloc(32, 1),
    onAddress: (address) => addresses.push(address),
  })
  port = Number(new URL(server.address()).port)
  const entered = await ask({ path: `/?token=${token()}`, headers: {} })
  cookie = String(entered.headers['set-cookie']).split(';')[0]
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const token = (): string => new URL(server.address()).searchParams.get('token')!

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

interface Question {
  method?: string
  path: string
  headers?: OutgoingHttpHeaders
  body?: Buffer
  /** Of another server. */
  at?: number
}

/** One request as no browser would restrain it; with our cookie and origin unless told otherwise. */
async function ask({ method = 'GET', path, headers = ours(), body, at = port }: Question): Promise<Reply> {
  const request = send({ host: '127.0.0.1', port: at, method, path, headers: { host: `127.0.0.1:${at}`, ...headers }, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }
}

const ours = (): OutgoingHttpHeaders => ({ cookie, origin: `http://127.0.0.1:${port}` })

/** The status that an upgrade is answered with; 101: it was accepted. */
async function upgrade(path: string, headers: OutgoingHttpHeaders): Promise<number> {
  const request = send({
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    headers: {
      host: `127.0.0.1:${port}`,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
    },
  })
  request.end()
  return new Promise((resolve, reject) => {
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    request.on('response', (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
    request.on('error', reject)
  })
}

const routes = ['/', '/index.html', '/assets/main-4f3a.js', '/artefacts/r1', '/upload/i1/a.png', '/lab', '/nothing', '/%2e%2e/secret.txt']
const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']
const strangers: { who: string; status: number; headers: () => OutgoingHttpHeaders }[] = [
  { who: 'without a cookie', status: 401, headers: () => ({ origin: `http://127.0.0.1:${port}` }) },
  {
    who: 'with a wrong cookie',
    status: 401,
    headers: () => ({ ...ours(), cookie: cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) }),
  },
  {
    who: 'with a cookie of another lab',
    status: 401,
    headers: () => ({ ...ours(), cookie: cookie.replace(/^weightscape-./, 'weightscape-x') }),
  },
  {
    who: 'with the token where the cookie should be',
    status: 401,
    headers: () => ({ ...ours(), cookie: `${cookie.split('=')[0]}=${token()}` }),
  },
  { who: 'with a foreign host', status: 403, headers: () => ({ ...ours(), host: 'evil.example' }) },
  { who: 'with a host that only begins like ours', status: 403, headers: () => ({ ...ours(), host: '127.0.0.1.evil.example' }) },
  { who: 'with an address of the network', status: 403, headers: () => ({ ...ours(), host: '192.168.1.5' }) },
  { who: 'with a foreign origin', status: 403, headers: () => ({ ...ours(), origin: 'https://evil.example' }) },
  { who: 'from another port of this machine', status: 403, headers: () => ({ ...ours(), origin: `http://127.0.0.1:${port + 1}` }) },
  { who: 'from a sandboxed page', status: 403, headers: () => ({ ...ours(), origin: 'null' }) },
  {
    who: 'as a part of another page',
    status: 403,
    headers: () => ({
      cookie,
      origin: `http://127.0.0.1:${port}`,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'image',
    }),
  },
  {
    who: 'as a part of a page of another port',
    status: 403,
    headers: () => ({
      cookie,
      origin: `http://127.0.0.1:${port}`,
      'sec-fetch-site': 'same-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    }),
  },
]

describe('strangers', () => {
  describe.each(strangers)('$who', ({ status, headers }) => {
    it.each(verbs)('%s is refused on every route', async (method) => {
      for (const path of routes) {
        const reply = await ask({ method, path, headers: headers(), ...(method === 'PUT' ? { body: Buffer.from('x') } : {}) })
        expect(`${path} ${reply.status}`).toBe(`${path} ${status}`)
        expect(reply.headers['set-cookie']).toBeUndefined()
        expect(reply.headers['access-control-allow-origin']).toBeUndefined()
        expect(reply.body.toString()).not.toContain('the page')
      }
      expect(await readdir(join(folder, 'import'))).toEqual([])
    })

    it('gets no WebSocket', async () => {
      for (const path of ['/lab', '/']) expect(await upgrade(path, headers())).toBe(status)
    })
  })

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil', '0.0.0.0', '127.0.0.2', '192.168.0.1', '[::]', ''])(
    'are refused by the Host alone, whose page says it is of that host too: %j',
    async (name) => {
      const host = `${name}:${port}`
      const reply = await ask({ path: '/', headers: { cookie, host, origin: `http://${host}` } })
      expect([reply.status, reply.body.toString()]).toEqual([403, 'The Host is not this lab.\n'])
      expect(await upgrade('/lab', { cookie, host, origin: `http://${host}` })).toBe(403)
    },
  )

  it.each(['https://evil.example', 'http://127.0.0.1', 'http://127.0.0.1:1', 'https://127.0.0.1', 'null', ''])(
    'are refused by the Origin alone, under our own Host: %j',
    async (origin) => {
      const reply = await ask({ path: '/', headers: { cookie, origin } })
      expect([reply.status, reply.body.toString()]).toEqual([403, 'The Origin is not this lab.\n'])
      expect(await upgrade('/lab', { cookie, origin })).toBe(403)
    },
  )

  it.each(['127.0.0.1', 'localhost', '[::1]'])('are none under the name %s, the port of a tunnel included', async (name) => {
    const host = `${name}:8765`
    expect((await ask({ path: '/', headers: { cookie, host, origin: `http://${host}` } })).status).toBe(200)
  })

  it('that say nothing keep nobody out, however many they are, and are gone in seconds', async () => {
    const silent = Array.from({ length: 600 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
    const last = silent[silent.length - 1]
    await once(last, 'connect')
    const reply = await Promise.race([ask({ path: '/' }), new Promise<null>((resolve) => setTimeout(resolve, 3000, null))])
    expect(reply?.status).toBe(200)
    if (!last.destroyed) await once(last, 'close')
    for (const socket of silent) socket.destroy()
  }, 15_000)

  it('get no WebSocket without an origin, and need one to change anything', async () => {
    expect(await upgrade('/lab', { cookie })).toBe(403)
    expect((await ask({ method: 'PUT', path: '/upload/i1/a.png', headers: { cookie }, body: Buffer.from('x') })).status).toBe(403)
  })

  it('are not let in by a token that is wrong, empty, used or misplaced', async () => {
    const used = token()
    expect((await ask({ path: `/?token=${used}`, headers: {} })).status).toBe(303)
    for (const path of [
      `/?token=${used}`,
      '/?token=',
      `/?token=${token()}x`,
      '/?token=null',
      `/index.html?token=${token()}`,
      `/lab?token=${token()}`,
    ]) {
      const reply = await ask({ path, headers: {} })
      expect([path, reply.status, reply.headers['set-cookie']]).toEqual([path, 401, undefined])
    }
    expect((await ask({ path: `/?token=${token()}`, headers: { host: 'evil.example' } })).status).toBe(403)
    expect((await ask({ path: `/?token=${token()}`, headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect((await ask({ method: 'POST', path: `/?token=${token()}`, headers: ours() })).status).toBe(405)
  })

  it('cannot speak raw: two hosts, no host, a proxy request, a tunnel', async () => {
    const raw = async (text: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1')
      socket.write(text)
      let said = ''
      for await (const chunk of socket) said += String(chunk)
      return said.split('\r\n')[0]
    }
    const head = `Cookie: ${cookie}\r\nConnection: close\r\n\r\n`
    expect(await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n${head}`)).toMatch(/ 40[03] /)
    expect(await raw(`GET / HTTP/1.1\r\n${head}`)).toMatch(/ 40[03] /)
    expect(await raw(`GET / HTTP/1.0\r\n${head}`)).toMatch(/ 403 /)
    expect(await raw(`GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}`)).toMatch(/ 403 /)
    expect(await raw(`CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}`)).toBe('')
  })
})

describe('a browser that showed the token', () => {
  it('is sent on to the page with a cookie that scripts and other sites do not get, and the next one needs a new address', async () => {
    const before = token()
    addresses.length = 0
    const reply = await ask({ path: `/?token=${before}`, headers: { 'sec-fetch-site': 'none' } })
    expect([reply.status, reply.headers.location, reply.headers['cache-control']]).toEqual([303, '/', 'no-store'])
    expect(reply.headers['set-cookie']?.[0]).toMatch(/^weightscape-[0-9a-f]{12}=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/)
    expect(token()).not.toBe(before)
    expect(Buffer.from(token(), 'base64url').length * 8).toBeGreaterThanOrEqual(128)
    expect(addresses).toEqual([server.address()])
  })

  it('comes in by a link on another page too, where a redirect would not take the cookie along', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const reply = await ask({ path: `/?token=${token()}`, headers })
    expect([reply.status, reply.headers.location, reply.headers['cache-control']]).toEqual([200, undefined, 'no-store'])
    expect(reply.headers['set-cookie']?.[0]).toMatch(/SameSite=Strict; Max-Age=2592000$/)
    expect(reply.body.toString()).toContain('http-equiv="refresh"')
    expect((await ask({ path: '/?token=wrong', headers })).status).toBe(401)
  })

  it('comes in again by a used address', async () => {
    const reply = await ask({ path: '/?token=used', headers: { cookie } })
    expect([reply.status, reply.headers['set-cookie']]).toEqual([303, undefined])
  })

  it('gets the page under the strict policy, and its parts compressed and for good', async () => {
    const page = await ask({ path: '/' })
    expect([page.status, page.body.toString()]).toEqual([200, '<!doctype html><p>the page</p>'])
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers['cache-control']).toBe('no-cache')
    const script = await ask({ path: '/assets/main-4f3a.js', headers: { ...ours(), 'accept-encoding': 'gzip' } })
    expect(script.headers['content-encoding']).toBe('gzip')
    expect(script.headers['cache-control']).toContain('immutable')
    for (const { headers } of [page, script]) {
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    }
    expect((await ask({ path: '/nothing' })).status).toBe(404)
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%2f..%2f..%2fsecret.txt']) {
      expect((await ask({ path })).body.toString()).not.toContain('secret')
    }
  })

  it('gets the page that was there at the start, whatever a build does to its folder', async () => {
    const index = join(folder, 'pages', 'index.html')
    await rm(index)
    try {
      const page = await ask({ path: '/' })
      expect([page.status, page.body.toString()]).toEqual([200, '<!doctype html><p>the page</p>'])
      const again = await ask({ path: '/', headers: { ...ours(), 'if-none-match': page.headers.etag } })
      expect([again.status, again.body.length]).toEqual([304, 0])
    } finally {
      await writeFile(index, '<!doctype html><p>the page</p>')
    }
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('cannot %s where there is nothing to change', async (method) => {
    for (const path of ['/', '/artefacts/r1', '/assets/main-4f3a.js']) expect((await ask({ method, path })).status).toBe(405)
  })

  it('speaks with the lab over a WebSocket', async () => {
    const client = createClient(nodeSocketLink(`http://127.0.0.1:${port}`, cookie))
    expect(await client.call('preferences.get', {})).toEqual({ theme: 'dark' })
    client.close()
    expect(await upgrade('/elsewhere', ours())).toBe(404)
  })

  it('is cut off when it asks for 400 MB and reads nothing, and what waited for it is let go', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/lab`, { headers: ours() as Record<string, string> })
    socket.on('error', () => undefined)
    await once(socket, 'open')
    let heard = 0
    socket.on('message', () => heard++)
    socket.send(encodeFrame({ type: 'hello', protocol: protocolVersion, session: 'a'.repeat(32) }))
    socket.pause()
    for (let id = 1; id <= 20; id++) socket.send(encodeFrame({ type: 'call', id, method: 'metrics.names', params: { run: 'x' } }))
    await new Promise((resolve) => setTimeout(resolve, 4000))
    socket.resume()
    await once(socket, 'close')
    // The welcome, and at most what was on its way.
    expect(heard).toBeLessThan(4)
  }, 30_000)

  it('is cut off for text, and for a message larger than any of ours', async () => {
    for (const message of ['hello', Buffer.alloc((8 << 20) + 1)]) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/lab`, { headers: ours() as Record<string, string> })
      socket.on('error', () => undefined)
      await once(socket, 'open')
      socket.send(message)
      const [code] = (await once(socket, 'close')) as [number]
      expect([1003, 1009]).toContain(code)
    }
  })
})

describe('files to take away', () => {
  it('come as downloads under their name, never as pages', async () => {
    const reply = await ask({ path: '/artefacts/r1' })
    expect([reply.status, reply.body.toString()]).toEqual([200, '0123456789'])
    expect(reply.headers['content-disposition']).toBe(
      `attachment; filename="Bericht ___.html"; filename*=UTF-8''Bericht%20%22%C3%A9%22.html`,
    )
    expect(reply.headers['content-security-policy']).toContain('sandbox')
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    const head = await ask({ method: 'HEAD', path: '/artefacts/r1' })
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '10', 0])
  })

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=-0', 416, '', 'bytes */10'],
    ['bytes=5-2', 200, '0123456789', undefined],
    ['bytes=1-2,4-5', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('in parts: %s', async (range, status, body, contentRange) => {
    const reply = await ask({ path: '/artefacts/r1', headers: { ...ours(), range } })
    expect([reply.status, reply.body.toString(), reply.headers['content-range']]).toEqual([status, body, contentRange])
  })

  it.each(['/artefacts/', '/artefacts/unknown', '/artefacts/gone', '/artefacts/r1/more', '/artefacts/%ff'])(
    'are not found at %s',
    async (path) => {
      const reply = await ask({ path })
      expect(reply.status).toBe(404)
      expect(JSON.parse(reply.body.toString())).toMatchObject({ code: 'not-found' })
    },
  )
})

describe('uploads', () => {
  const put = (path: string, body: Buffer | string, headers?: OutgoingHttpHeaders): Promise<Reply> =>
    ask({ method: 'PUT', path, body: Buffer.from(body), ...(headers === undefined ? {} : { headers }) })

  it('land below the import, with their folders', async () => {
    const bytes = Buffer.alloc(300_000, 'abc')
    expect((await put('/upload/i1/digits/3/%C3%A4%20b.png', bytes)).status).toBe(204)
    const path = join(folder, 'import', 'digits', '3', 'ä b.png')
    expect((await readFile(path)).equals(bytes)).toBe(true)
    expect((await lstat(path)).mode & 0o777).toBe(0o600)
    expect((await put('/upload/i1/digits/3/%C3%A4%20b.png', 'other')).status).toBe(409)
    expect((await readFile(path)).length).toBe(300_000)
  })

  it.each([
    '',
    '..',
    '%2e%2e',

    'a//b',
    'a%2fb',
    'a%5cb',
    'C:x',
    'a%00b',
    'nul.txt',
    'a.',
    'x'.repeat(256),
    '%ff',
    Array(40).fill('a').join('/'),
  ])('go nowhere else: %s', async (path) => {
    const reply = await put(`/upload/i1/${path}`, 'x')
    expect([400, 404]).toContain(reply.status)
    expect(await readdir(folder)).not.toContain('b')
  })

  it('are stopped when there is no more room, announced or not, and leave nothing', async () => {
    room = 1000
    const reply = await put('/upload/i1/large', Buffer.alloc(5000), { ...ours(), 'transfer-encoding': 'chunked' })
    expect(reply.status).toBe(507)
    expect(JSON.parse(reply.body.toString())).toMatchObject({ code: 'disk', remedy: expect.stringContaining('room') as string })
    expect((await put('/upload/i1/large', Buffer.alloc(5000))).status).toBe(507)
    expect(await readdir(join(folder, 'import'))).not.toContain('large')
    room = 1_000_000
  })

  it('side by side get no more room than there is, and give back what they did not use', async () => {
    const begin = () => {
      const headers = { host: `127.0.0.1:${port}`, ...ours(), 'content-length': 600_000 }
      const request = send({ host: '127.0.0.1', port, method: 'PUT', path: `/upload/i1/half-${Math.random()}`, headers })
      request.on('error', () => undefined)
      request.write('x')
      return request
    }
    const first = begin()
    await expect.poll(() => room, soon).toBeLessThan(500_000)
    const [refused] = (await once(begin(), 'response')) as [IncomingMessage]
    expect(refused.statusCode).toBe(507)
    refused.resume()
    first.destroy()
    await expect.poll(() => room, soon).toBe(1_000_000)
  })

  it('that break off leave nothing', async () => {
    const request = send({
      host: '127.0.0.1',
      port,
      method: 'PUT',
      path: '/upload/i1/broken',
      headers: { ...ours(), 'content-length': 100_000 },
    })
    request.on('error', () => undefined)
    request.write(Buffer.alloc(50_000))
    await expect.poll(() => readdir(join(folder, 'import')), soon).toContain('broken')
    request.destroy()
    await expect.poll(() => readdir(join(folder, 'import')), soon).not.toContain('broken')
  })

  it('need an import that receives', async () => {
    expect((await put('/upload/%ff/a.png', 'x')).status).toBe(400)
    expect((await put('/upload/i1', 'x')).status).toBe(400)
    expect((await put('/upload/other/a.png', 'x')).status).toBe(404)
    expect((await ask({ path: '/upload/i1/a.png' })).status).toBe(405)
  })
})

describe('a server', () => {
  const another = (place: Place, now = Date.now): Promise<HttpServer> =>
    openHttpServer({ api: createApi(testRouter({ handlers: {} })), pages: join(folder, 'pages'), place, key: Buffer.alloc(32, 2), now })

  it('is where its address says, on this machine alone', async () => {
    const own = await another({ port: 0 })
    const { protocol, hostname, port: at } = new URL(own.address())
    expect([protocol, hostname]).toEqual(['http:', '127.0.0.1'])
    const reached = (address: string) =>
      new Promise((resolve) => {
        const socket = connect({ host: address, port: Number(at) }, () => resolve(true)).on('error', () => resolve(false))
        socket.on('connect', () => socket.destroy())
      })
    expect(await reached('127.0.0.1')).toBe(true)
    // Where one listens on all addresses, each of these answers: other loopback ones (Linux), and those of the network.
    const others = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address))
    for (const address of new Set(['127.0.0.2', '::1', ...others]))
      if (address !== '127.0.0.1') expect([address, await reached(address)]).toEqual([address, false])
    await own.close()
  })

  it('lets a browser in for 30 days, and for 30 more from each visit that is a day after the last', async () => {
    const day = 24 * 3600 * 1000
    let now = Date.UTC(2026, 0, 1)
    const own = await another({ port: 0 }, () => now)
    const at = Number(new URL(own.address()).port)
    const enter = async (path: string, cookie?: string) => {
      const reply = await ask({ path, at, headers: cookie === undefined ? {} : { cookie } })
      return { status: reply.status, set: reply.headers['set-cookie']?.[0] }
    }
    const { set } = await enter(`/${new URL(own.address()).search}`)
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=2592000$/)
    const first = set!.split(';')[0]
    now += day - 1
    expect(await enter('/', first)).toEqual({ status: 200, set: undefined })
    now += 1
    const renewed = await enter('/', first)
    expect(renewed).toMatchObject({ status: 200, set: expect.stringMatching(/Max-Age=2592000$/) as string })
    now += 29 * day - 1
    expect((await enter('/', first)).status).toBe(200)
    now += 1
    expect((await enter('/', first)).status).toBe(401)
    // A later time written into it is not ours.
    const [name, expiry, signature] = first.split('.')
    expect((await enter('/', `${name}.${Number(expiry) + day}.${signature}`)).status).toBe(401)
    const second = renewed.set!.split(';')[0]
    now += day - 1
    expect((await enter('/', second)).status).toBe(200)
    now += 1
    expect((await enter('/', second)).status).toBe(401)
    await own.close()
  })

  it('closes whoever stands in it: a stranger refused a WebSocket, a window that sleeps, a request half sent', async () => {
    const own = await another({ port: 0 })
    const at = Number(new URL(own.address()).port)
    const origin = `http://127.0.0.1:${at}`
    const entered = await ask({ path: `/${new URL(own.address()).search}`, headers: {}, at })
    const key = String(entered.headers['set-cookie']).split(';')[0]
    const wish = `GET /lab HTTP/1.1\r\nHost: 127.0.0.1:${at}\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n`
    // None of them ever ends its side of the connection by itself.
    const open = async (text: string, answered: RegExp | null) => {
      const socket = connect({ host: '127.0.0.1', port: at, allowHalfOpen: true })
      socket.on('error', () => undefined)
      socket.write(text)
      if (answered !== null) expect(String(await once(socket, 'data'))).toMatch(answered)
      return socket
    }
    const refused = await open(`${wish}\r\n`, /^HTTP\/1\.1 401/)
    const asleep = await open(`${wish}Cookie: ${key}\r\n\r\n`, /^HTTP\/1\.1 101/)
    const half = await open('GET / HTTP/1.1\r\nHost:', null)
    await own.close()
    for (const socket of [refused, asleep, half]) socket.destroy()
  })

  it('ends a window that answers nothing any more, and no other', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] })
    const own = await another({ port: 0 })
    const at = Number(new URL(own.address()).port)
    const entered = await ask({ path: `/${new URL(own.address()).search}`, headers: {}, at })
    const headers = { origin: `http://127.0.0.1:${at}`, cookie: String(entered.headers['set-cookie']).split(';')[0] }
    const [dead, alive] = [false, true].map((autoPong) => new WebSocket(`ws://127.0.0.1:${at}/lab`, { headers, autoPong }))
    const closed = once(dead, 'close')
    await Promise.all([once(dead, 'open'), once(alive, 'open')])
    for (let round = 0; round < 2; round++) {
      const pinged = once(alive, 'ping')
      vi.advanceTimersByTime(20_000)
      await pinged
      // Its answer is on the way before this one is.
      await ask({ path: '/', headers, at })
    }
    await closed
    expect(alive.readyState).toBe(WebSocket.OPEN)
    vi.useRealTimers()
    alive.close()
    await own.close()
  })

  it.skipIf(process.platform === 'win32')('takes the socket of one that was killed, and of no other', async () => {
    const path = join(folder, 'lab.sock')
    const killed = createServer().listen(`${path}.0`)
    await once(killed, 'listening')
    await link(`${path}.0`, path)
    killed.close()
    const own = await another({ socket: path })
    await expect(another({ socket: path })).rejects.toMatchObject({ code: 'conflict' })
    await own.close()
  })

  it.skipIf(process.platform === 'win32')('says that the path of a socket is too long', async () => {
    const path = join(folder, 'a'.repeat(120))
    await expect(another({ socket: path })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('is too long for a socket') as string,
    })
  })
})
