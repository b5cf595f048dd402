/**
 * The page's files, as the build made them: compressed beforehand, kept by browsers as long as their names last.
 * They are read once and kept, some megabytes: a build under a running server would else leave the page
 * with half of the old and half of the new.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { pageTypes } from '../../shared/page-types.ts'
import { pageHeaders, sendText } from './responses.ts'

export type Serve = (request: IncomingMessage, response: ServerResponse) => void

interface Page {
  type: string
  etag: string
  bytes: Buffer
  /** By content coding, best first. */
  packed: readonly (readonly [coding: string, bytes: Buffer])[]
}

const codings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/**
 * @param folder the built page; nothing else is ever served
 * @throws LabError `set-up` when it has not been built
 */
export function servePages(folder: string): Serve {
  const pages = readPages(folder)
  return (request, response) => {
    const pathname = request.url === undefined ? '/' : request.url.split('?', 1)[0]
    const page = pages.get(pathname === '/' ? '/index.html' : pathname)
    if (page === undefined) {
      sendText(response, 404, 'There is nothing here.')
      return
    }
    const headers = {
      ...pageHeaders,
      etag: page.etag,
      vary: 'accept-encoding',
      // Names under assets/ hold a hash of what is inside.
      'cache-control': pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
    }
    if (request.headers['if-none-match'] === page.etag) return void response.writeHead(304, headers).end()
    const accepted = new Set((request.headers['accept-encoding'] ?? '').split(',').map((part) => part.trim()))
    const [coding, bytes] = page.packed.find(([name]) => accepted.has(name)) ?? [null, page.bytes]
    response.writeHead(200, {
      ...headers,
      'content-type': page.type,
      'content-length': bytes.length,
      ...(coding === null ? {} : { 'content-encoding': coding }),
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
}

/** Every file of a known type, by its path in addresses. */
function readPages(folder: string): Map<string, Page> {
  if (!existsSync(join(folder, 'index.html')))
    throw new LabError(
      'set-up',
      `The window's code is not there: ${folder} has no index.html.`,
      'Start the lab with npm start, which builds it.',
    )
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const there = new Set(names)
  const pages = new Map<string, Page>()
  for (const path of names) {
    const type = pageTypes[extname(path)]
    if (type === undefined) continue
    const bytes = readFileSync(path)
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    const packed = codings.flatMap(([coding, ending]) => (there.has(path + ending) ? [[coding, readFileSync(path + ending)] as const] : []))
    pages.set(`/${relative(folder, path).split(sep).join('/')}`, { type, etag, bytes, packed })
  }
  return pages
}
