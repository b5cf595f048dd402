/** Where the server is: a port of the loopback device, or a socket that its owner alone can use. Never a network. */
import { chmod, lstat, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { LabError } from '../../shared/errors.ts'

export type Place =
  | {
      /** 0: any free one. */
      port: number
    }
  | {
      /** Path of a Unix socket. */
      socket: string
    }

/**
 * Starts listening.
 * @returns ends it, with every connection
 * @throws LabError `conflict` when the place is taken, `invalid-argument` when it cannot be one
 */
export async function listen(server: Server, place: Place): Promise<() => Promise<void>> {
  if ('socket' in place) await listenOnSocket(server, place.socket)
  else await begin(server, () => server.listen({ port: place.port, host: '127.0.0.1', exclusive: true }), `port ${place.port}`, anotherPort)
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
}

/** Bytes of the longest path of a socket; systems cut longer ones off or refuse them without saying why. */
const longestPath = process.platform === 'linux' ? 107 : 103

async function listenOnSocket(server: Server, path: string): Promise<void> {
  const bytes = Buffer.byteLength(path)
  if (bytes > longestPath)
    throw new LabError(
      'invalid-argument',
      `The path ${path} is too long for a socket: it has ${bytes} bytes, at most ${longestPath} are possible.`,
      'Choose a shorter one, in your home folder, say.',
    )
  await removeStale(path)
  // The mask is the process's: nothing else may make files meanwhile, and nothing does before this is awaited.
  const mask = process.umask(0o177)
  const listening = begin(server, () => server.listen(path), path, 'Choose another path, in a folder of your own.')
  process.umask(mask)
  await listening
  await chmod(path, 0o600)
}

/** A socket that nobody listens on is left over from a lab that was killed; anything else stays. */
async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return
  if (!found.isSocket()) {
    throw new LabError('invalid-argument', `${path} is there already, and is no socket.`, 'Choose a path where nothing is.')
  }
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false))
    socket.on('close', () => undefined)
    setTimeout(() => socket.destroy(), 1000).unref()
  })
  if (answered) throw new LabError('conflict', `Another process listens on ${path}.`, 'Choose another path, or end that process.')
  await unlink(path)
}

const anotherPort = 'Choose another with --port, or leave it out: a free one is found.'

function begin(server: Server, start: () => void, place: string, remedy: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE'
      reject(
        new LabError(
          taken ? 'conflict' : 'invalid-argument',
          taken ? `Another program listens on ${place}.` : `The lab cannot listen on ${place}: ${cause.message}.`,
          remedy,
          { cause },
        ),
      )
    })
    start()
  })
}
