/** The browser server: HTTP and WebSockets on this machine alone, for browsers that showed the token. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Api } from '../api/api.ts'
import { sendText, sendWelcome } from './responses.ts'
import { serveArtefact } from './artefacts.ts'
import { authorize, refusalReason } from './guard.ts'
import type { Asked } from './guard.ts'
import { limitConnections } from './connections.ts'
import { listen } from './listen.ts'
import type { Place } from './listen.ts'
import { servePages } from './pages.ts'
import { openSockets } from './socket.ts'
import { receiveUpload } from './uploads.ts'
import { Keys } from './token.ts'

export interface HttpServerOptions {
  api: Api
  /** Folder of the built page. */
  pages: string
  place: Place
  /** 32 random bytes that sign cookies. */
  key: Buffer
  /** A browser was let in with the token of the address: the next one needs this one. */
  onAddress?: (address: string) => void
  /** Milliseconds since the epoch. */
  now?: () => number
}

export interface HttpServer {
  /** Lets one browser in: with a token, for a person's eyes alone. */
  address(): string
  /** Ends every connection, and then itself. */
  close(): Promise<void>
}

/** @throws LabError `invalid-argument` when the port is taken or the socket's path cannot be used */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { api, place } = options
  const keys = new Keys(options.key, () => options.onAddress?.(address()), options.now)
  const pages = servePages(options.pages)
  const sockets = openSockets(api)
  const server = createServer((request, response) => answer(request, response))
  // A client that sends its headers drop by drop is cut off; an upload may take its time.
  server.headersTimeout = 15_000
  server.requestTimeout = 0
  const mayStay = limitConnections(server)
  server.on('upgrade', (request, socket, head) => upgrade(request, socket, head))
  server.on('connect', (_request, socket) => void socket.destroy())
  const close = await listen(server, place)
  const address = (): string => `http://${authority(server, place)}/?token=${keys.token}`

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { asked, url } = read(request, false)
    const stranger = url === null ? 'The address cannot be read.' : refusalReason(request, asked)
    if (stranger !== null || url === null) {
      refuse(request, response, 403, stranger ?? '')
      return
    }
    const token = url.searchParams.get('token')
    if (token !== null && asked.path === '/' && request.method === 'GET') {
      letIn(request, response, token)
      return
    }
    const verdict = authorize(request, asked, keys)
    if (verdict.admitted) {
      mayStay(request.socket)
      route(url, request, response)
    } else refuse(request, response, verdict.status, verdict.reason)
  }

  /** Whoever comes here has been admitted. */
  function route(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { method = '' } = request
    const [, first = '', ...rest] = url.pathname.split('/')
    const reads = method === 'GET' || method === 'HEAD'
    if (first === 'upload' && method === 'PUT') receiveUpload(api.router, rest, request, response)
    else if (first === 'upload') wrongVerb(response, 'PUT')
    else if (!reads) wrongVerb(response, 'GET, HEAD')
    else if (first === 'artefacts') serveArtefact(api.router, rest, request, response)
    else {
      const renewed = url.pathname === '/' ? keys.renew(request.headers.cookie) : null
      if (renewed !== null) response.setHeader('set-cookie', renewed)
      pages(request, response)
    }
  }

  function letIn(request: IncomingMessage, response: ServerResponse, token: string): void {
    const cookie = keys.exchange(token)
    if (cookie === null && !keys.admits(request.headers.cookie)) {
      refuse(request, response, 401, 'The token of this address is used or wrong.')
      return
    }
    mayStay(request.socket)
    sendWelcome(request, response, cookie === null ? {} : { 'set-cookie': cookie })
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => void socket.destroy())
    const { asked } = read(request, true)
    const verdict = authorize(request, asked, keys)
    const found = verdict.admitted ? asked.path === '/lab' && request.method === 'GET' : false
    if (found) {
      mayStay(socket)
      sockets.accept(request, socket, head)
      return
    }
    const status = verdict.admitted ? '404 Not Found' : verdict.status === 401 ? '401 Unauthorized' : '403 Forbidden'
    // Not left to the stranger to end: such a connection would outlive the server, and keep it from closing.
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => void socket.destroy())
  }

  return {
    address,
    async close() {
      api.close('The lab ends.')
      sockets.close()
      await close()
    },
  }
}

function read(request: IncomingMessage, upgrade: boolean): { asked: Asked; url: URL | null } {
  const { url: target = '', method = '' } = request
  const url = target.startsWith('/') ? URL.parse(`http://lab${target}`) : null
  return { asked: { method, path: url?.pathname ?? '', upgrade }, url }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: 401 | 403, reason: string): void {
  // What a stranger goes on sending is not read.
  if (request.method !== 'GET' && request.method !== 'HEAD') response.setHeader('connection', 'close')
  const remedy = status === 401 ? ' Open the address that the lab printed in its terminal; a used one is followed there by a new one.' : ''
  sendText(response, status, `${reason}${remedy}`)
}

function wrongVerb(response: ServerResponse, allow: string): void {
  sendText(response, 405, 'That cannot be done here.', { allow, connection: 'close' })
}

function authority(server: Server, place: Place): string {
  const bound = server.address()
  // Behind a socket a tunnel's port is what the browser sees: the person knows it.
  if ('socket' in place || bound === null || typeof bound === 'string') return 'localhost:PORT'
  return bound.family === 'IPv6' ? `[::1]:${bound.port}` : `127.0.0.1:${bound.port}`
}
