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

/** Comes in with the address that is next, as a browser would. */
export async function enter(server: Server): Promise<ConnectedClient> {
  const { origin } = new URL(server.url)
  const response = await fetch(server.url, { redirect: 'manual' })
  const cookie = response.headers.get('set-cookie')?.split(';', 1)[0]
  if (cookie === undefined) throw new Error(`The lab let nobody in: ${response.status}`)
  return createClient(nodeSocketLink(origin, cookie))
}
