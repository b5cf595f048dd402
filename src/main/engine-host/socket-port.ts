/** A farm port on a socket: Unix domain socket, or a named pipe on Windows. */
import type { Socket } from 'node:net'
import type { FarmPort } from '../../engine/farm/wire.ts'

/** Only one handler of each kind is kept: the last one set. */
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
