/** Serves the built page under `app://weightscape/`: files of one folder, each with a strict content policy. */
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { CONTENT_SECURITY_POLICY } from '../../shared/content-policy.ts'
import { pageTypes } from '../../shared/page-types.ts'

export const APP_SCHEME = 'app'
const host = 'weightscape'
export const APP_URL = `${APP_SCHEME}://${host}/index.html`

/** Whether an address is one of the app's own page. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.protocol === `${APP_SCHEME}:` && url.host === host
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
    const type = path === null ? undefined : pageTypes[extname(path)]
    if (url.host !== host || path === null || type === undefined) return answer(403, 'Forbidden', 'text/plain')
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
