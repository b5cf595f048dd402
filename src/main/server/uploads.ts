/** Files that a browser sends for an import: streamed into its folder, one request a file. */
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../../shared/errors.ts'
import type { ApiRouter } from '../api/handlers.ts'
import { otherHeaders, sendError } from './responses.ts'
import { relativePath } from './relative-path.ts'

/** `PUT /upload/<import>/<relative path>`; answers 204, or an error as JSON. */
export function receiveUpload(router: ApiRouter, path: readonly string[], request: IncomingMessage, response: ServerResponse): void {
  receive(router, path, request).then(
    () => void response.writeHead(204, otherHeaders).end(),
    (error: unknown) => {
      // What is still coming is not read: the browser hears of it by the end of the connection.
      response.setHeader('connection', 'close')
      sendError(response, error)
    },
  )
}

async function receive(router: ApiRouter, [importId = '', ...rest]: readonly string[], request: IncomingMessage): Promise<void> {
  const [id, ...path] = relativePath([importId, ...rest])
  if (path.length === 0) throw new LabError('bad-input', 'The file has no name.', 'Drop the files again.')
  const folder = await router.uploadFolder(id)
  const announced = Number(request.headers['content-length'] ?? 0)
  const target = join(folder.path, ...path)
  // At the beginning: files that come side by side must not each take the room that is there for one.
  if (!folder.reserve(announced)) throw tooMuch(path.join('/'))
  let reserved = announced
  const capped = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (reserved === 0 && folder.reserve(chunk.length)) reserved = chunk.length
      if (reserved < chunk.length) {
        done(tooMuch(path.join('/')))
        return
      }
      reserved -= chunk.length
      folder.release(chunk.length)
      done(null, chunk)
    },
  })
  try {
    await mkdir(dirname(target), { recursive: true })
    // `wx`: a second file of that name is an error, and a link is never followed.
    await pipeline(request, capped, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
  } catch (cause) {
    throw await explain(cause, target, path.join('/'))
  } finally {
    folder.release(reserved)
  }
  folder.received(path.join('/'))
}

async function explain(cause: unknown, target: string, name: string): Promise<unknown> {
  if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
    return new LabError('conflict', `${name} has been sent already.`, 'Drop the files again, each once.')
  }
  await rm(target, { force: true })
  if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
    return new LabError(
      'disk',
      `The disk filled up while ${name} came.`,
      'Make room on the disk of the data folder, and drop the files again.',
      { cause },
    )
  }
  return cause
}

function tooMuch(name: string): LabError {
  return new LabError(
    'disk',
    `${name} does not fit: the import would be larger than the disk has room for.`,
    'Drop fewer files, or make room on the disk of the data folder.',
  )
}
