/** Looks at every request before anything is done for it: where it was sent to, where it comes from, who sends it. */
import type { IncomingMessage } from 'node:http'
import type { Keys } from './token.ts'

/** Names under which a browser may reach a loopback address or the end of a tunnel; any other is somebody's trick. */
const ownHosts = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

export type Verdict = { admitted: true } | { admitted: false; status: 401 | 403; reason: string }

export interface Asked {
  method: string
  /** Path as it came, without the query. */
  path: string
  /** A WebSocket is wanted. */
  upgrade: boolean
}

/**
 * @returns `admitted` only for a request of our own page, or of a person who types the address, with our cookie
 */
export function authorize(request: IncomingMessage, asked: Asked, keys: Keys): Verdict {
  const stranger = refusalReason(request, asked)
  if (stranger !== null) return { admitted: false, status: 403, reason: stranger }
  if (!keys.admits(request.headers.cookie)) return { admitted: false, status: 401, reason: 'This browser has not been let in.' }
  return { admitted: true }
}

/** Why a request is not from our own page nor from a person; null: it may be. The cookie is not looked at. */
export function refusalReason(request: IncomingMessage, { method, path, upgrade }: Asked): string | null {
  const { host, origin } = request.headers
  if (host === undefined || !ownHosts.test(host) || countOf(request, 'host') !== 1) return 'The Host is not this lab.'
  const changes = upgrade || (method !== 'GET' && method !== 'HEAD')
  if (origin !== undefined ? origin !== `http://${host}` : changes) return 'The Origin is not this lab.'
  const site = request.headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return null
  // Another page may link here, but not use what is here: other ports of this machine send our cookie along.
  const follows = request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document'
  return follows && !changes && path === '/' ? null : 'The request comes from another page.'
}

function countOf(request: IncomingMessage, name: string): number {
  return request.rawHeaders.filter((header, i) => i % 2 === 0 && header.toLowerCase() === name).length
}
