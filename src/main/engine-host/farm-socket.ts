/** The socket between an engine and its farm workers. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { LabError } from '../../shared/errors.ts'
import { parseReply } from '../../engine/farm/messages.ts'
import { FrameReader, type FarmPort } from '../../engine/farm/wire.ts'

/** Where workers connect, and what they must say first so that nobody else is taken for one. */
export interface FarmAddress {
  path: string
  token: string
}

/** An address of its own: in a fresh folder that only this user can enter, or a pipe that cannot be guessed. */
export function createFarmAddress(): FarmAddress {
  const token = randomBytes(16).toString('hex')
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\weightscape-${randomBytes(16).toString('hex')}`, token }
  // mkdtemp makes the folder with mode 0700. A socket's path may have about 100 bytes.
  const parent = tmpdir().length < 70 ? tmpdir() : '/tmp'
  return { path: join(mkdtempSync(join(parent, 'weightscape-')), 'farm'), token }
}

/** Removes what {@link createFarmAddress} made. */
export function removeFarmAddress({ path }: FarmAddress): void {
  if (process.platform !== 'win32') rmSync(dirname(path), { recursive: true, force: true })
}

/**
 * Waits until so many workers have connected and said the token; then nobody else can, and the
 * address is gone from the file system.
 */
export async function listenForWorkers({ path, token }: FarmAddress, workers: number): Promise<FarmPort[]> {
  const { promise, resolve, reject } = Promise.withResolvers<FarmPort[]>()
  const ports: FarmPort[] = []
  const server = createServer((socket) => {
    greet(socket, token).then(
      (port) => {
        ports.push(port)
        if (ports.length === workers) resolve(ports)
      },
      () => socket.destroy(),
    )
  })
  server.on('error', (cause) =>
    reject(
      new LabError(
        'internal',
        `The farm's socket ${path} cannot be opened: ${cause.message}`,
        'Check that the folder for temporary files is writable.',
        {
          cause,
        },
      ),
    ),
  )
  const remove = () => removeFarmAddress({ path, token })
  process.once('exit', remove) // whoever made the address may have been killed
  server.listen(path)
  try {
    return await promise
  } finally {
    process.removeListener('exit', remove)
    server.close()
    remove()
  }
}

/** Resolves once a caller has said the token. */
function greet(socket: Socket, token: string): Promise<FarmPort> {
  const { promise, resolve, reject } = Promise.withResolvers<FarmPort>()
  const port = socketPort(socket)
  const reader = new FrameReader(({ header }) => {
    const reply = parseReply(header)
    if (reply.type === 'hello' && sameText(reply.token, token)) resolve(port)
    else reject(new Error('A stranger called.'))
  })
  port.onBytes((bytes) => {
    try {
      reader.push(bytes)
    } catch (thrown) {
      reject(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  })
  port.onClose(() => reject(new Error('The caller hung up.')))
  return promise
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Connects a worker; the engine may still be about to listen, so it tries for a while.
 * @throws Error when nobody listens after `patience` milliseconds
 */
export async function connectToEngine(path: string, patience = 60_000): Promise<Socket> {
  const deadline = performance.now() + patience
  for (;;) {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = connect(path, () => resolve(socket))
        socket.once('error', reject)
      })
    } catch (cause) {
      if (performance.now() > deadline) throw cause
      await wait(10)
    }
  }
}

/** A farm port on a socket. Only one handler of each kind is kept: the last one set. */
export function socketPort(socket: Socket): FarmPort {
  let onBytes: (bytes: Uint8Array) => void = () => undefined
  let onClose: () => void = () => undefined
  socket.on('data', (bytes) => onBytes(bytes))
  // An error is followed by `close`, and what broke the socket is told by the process at its other end.
  socket.on('error', () => undefined)
  socket.on('close', () => onClose())
  return {
    send: (parts) => {
      socket.cork()
      for (const part of parts) socket.write(part)
      socket.uncork()
    },
    onBytes: (handler) => (onBytes = handler),
    onClose: (handler) => {
      onClose = handler
      if (socket.destroyed) process.nextTick(handler)
    },
    close: () => void socket.end(),
  }
}
