/** Says that this process is alive: sent from the event loop, so it stops when the loop does. */
import type { ParentChannel } from './parent-channel.ts'

const everyMilliseconds = 250

/** Starts beating; the returned function ends it. */
export function startHeartbeat(channel: ParentChannel): () => void {
  const timer = setInterval(() => channel.post({ type: 'heartbeat', residentBytes: process.memoryUsage.rss() }), everyMilliseconds)
  return () => clearInterval(timer)
}
