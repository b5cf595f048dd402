/**
 * Room for whoever has shown the cookie: connections that have not are few and short, so that a program which
 * opens hundreds and says nothing keeps nobody out.
 */
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Connections in all: files must be openable whoever knocks, and a few windows need some tens. */
const maxConnections = 512
/** Of those that have shown nothing yet; the oldest makes room for the next. */
const maxStrangers = 64
/** Milliseconds until one must have shown something. */
const strangerTime = 5000

/** @returns called with the connection of a request that showed the cookie: it may stay */
export function limitConnections(server: Server): (connection: Duplex) => void {
  const strangers = new Set<Duplex>()
  server.maxConnections = maxConnections
  server.on('connection', (connection) => {
    strangers.add(connection)
    const timer = setTimeout(() => strangers.has(connection) && connection.destroy(), strangerTime)
    connection.once('close', () => {
      clearTimeout(timer)
      strangers.delete(connection)
    })
    if (strangers.size > maxStrangers) strangers.values().next().value?.destroy()
  })
  return (connection) => void strangers.delete(connection)
}
