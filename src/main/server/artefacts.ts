/** Files of the lab for the person to keep: always as downloads, never as pages. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../../shared/errors.ts'
import type { ApiRouter } from '../api/handlers.ts'
import { otherHeaders, sendError } from './responses.ts'
import { byteRange } from './range.ts'

export function serveArtefact(router: ApiRouter, path: readonly string[], request: IncomingMessage, response: ServerResponse): void {
  serve(router, path, request, response).catch((error: unknown) => sendError(response, error))
}

async function serve(router: ApiRouter, path: readonly string[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = path.length === 1 ? decode(path[0]) : null
  if (id === null || id === '') throw new LabError('not-found', 'There is no such file.', 'Look at the list of files.')
  const file = await router.artefact(id)
  const { size } = await stat(file.path).catch((cause: unknown) => {
    throw new LabError('not-found', `${file.name} is not there any more.`, 'Make it again.', { cause })
  })
  const range = byteRange(request.headers.range, size)
  const headers = {
    ...otherHeaders,
    'content-type': file.type,
    'content-disposition': `attachment; filename="${plainName(file.name)}"; filename*=UTF-8''${encodeName(file.name)}`,
    'accept-ranges': 'bytes',
  }
  if (range === 'unsatisfiable') return void response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end()
  const { start, end } = range ?? { start: 0, end: size - 1 }
  response.writeHead(range === null ? 200 : 206, {
    ...headers,
    'content-length': end - start + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  })
  if (request.method === 'HEAD' || size === 0) return void response.end()
  // A person who ends the download is no error of ours.
  await pipeline(createReadStream(file.path, { start, end }), response).catch(() => response.destroy())
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** For browsers of old: no quotes, no controls, no letters beyond ASCII. */
function plainName(name: string): string {
  return name.replace(/[^\x20-\x7e]|["\\]/g, '_')
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
