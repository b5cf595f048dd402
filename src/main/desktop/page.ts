/** Serves the built page under `app://weightscape/`: files of one folder, each with a strict content policy. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

export const APP_SCHEME = 'app'
export const APP_URL = `${APP_SCHEME}://weightscape/index.html`

/** The page's own scripts, styles, images and fonts; nothing from elsewhere, nothing inline, no frames, no forms. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
}

/**
 * A handler for requests under the app's scheme.
 * @param folder the built page; nothing outside it is ever read
 * @returns 404 for what is not there, 403 for another host, a path out of the folder or a type not served
 */
export function servePage(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    const path = pathInside(folder, url.pathname)
    const type = path === null ? undefined : TYPES[extname(path)]
    if (url.host !== 'weightscape' || path === null || type === undefined) return answer(403, 'Forbidden', 'text/plain')
    try {
      return answer(200, await readFile(path), type)
    } catch {
      return answer(404, 'Not found', 'text/plain')
    }
  }
}

function pathInside(folder: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const path = normalize(join(folder, decoded))
  return path.startsWith(normalize(folder) + sep) ? path : null
}

function answer(status: number, body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': type, 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' },
  })
}
