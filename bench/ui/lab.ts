/** A lab for the window to look at, and a way to ask it beside the window. */
import { createClient } from '../../src/shared/rpc/client.ts'
import type { ConnectedClient } from '../../src/shared/rpc/client.ts'
import { nodeSocketLink } from '../../src/main/server/testing/socket-link.ts'
import { freePort, Server } from '../../e2e/server.ts'

/** @param program what takes the command line's place */
export async function startLab(dataDir: string, program?: string): Promise<Server> {
  const server = new Server(dataDir, await freePort(), program)
  await server.start()
  return server
}

/** Comes in with the address that is next, as a browser would. @returns the cookie with which its tabs come in */
export async function cookieOf(server: Server): Promise<string> {
  const response = await fetch(server.url, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')?.split(';', 1)[0]
  if (cookie === undefined) throw new Error(`The lab let nobody in: ${response.status}`)
  return cookie
}

export const tabOf = (server: Server, cookie: string): ConnectedClient => createClient(nodeSocketLink(new URL(server.url).origin, cookie))

export const enter = async (server: Server): Promise<ConnectedClient> => tabOf(server, await cookieOf(server))

/** What a scripted lab said that its objects took, every two seconds. */
export const labBytes = (server: Server): number[] => Array.from(server.words.matchAll(/^memory (\d+)$/gm), ([, bytes]) => Number(bytes))

/** From the second quarter, when everything is warm, to the last. @returns megabytes */
export function growth(bytes: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(bytes.length / 4))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return (mean(bytes.slice(-quarter)) - mean(bytes.slice(quarter, 2 * quarter))) / 2 ** 20
}
