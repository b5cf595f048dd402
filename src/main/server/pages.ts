/** The page's files, as the build made them: compressed beforehand, kept by browsers as long as their names last. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'
import { pageHeaders, sayText } from './answers.ts'

export type Serve = (request: IncomingMessage, response: ServerResponse) => void

/** @param folder the built page; its names are read once, nothing else is ever served */
export function servePages(folder: string): Serve {
  const files = sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders: (response, pathname) => {
      for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value)
      // Names under assets/ hold a hash of what is inside.
      response.setHeader('cache-control', pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request, response) => files(request, response, () => sayText(response, 404, 'There is nothing here.'))
}
