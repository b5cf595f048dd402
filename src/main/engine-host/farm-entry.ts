/** A farm worker: runs the networks that the engine sends it, until the engine or the host is gone. */
import { serveFarm } from '../../engine/farm/serve.ts'
import { toErrorValue } from '../../shared/errors.ts'
import type { WorkerMessage, WorkerStart } from './worker-messages.ts'
import { connectToEngine } from './farm-socket.ts'
import { giveWay } from './give-way.ts'
import { startHeartbeat } from './heartbeat.ts'
import { letMessagesIn } from './host-context.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { openShare } from './open-farm.ts'
import { openParentChannel } from './parent-channel.ts'
import { readImageSet } from './read-data.ts'
import { socketPort } from './socket-port.ts'

giveWay()
const channel = openParentChannel()
const post = (message: WorkerMessage): void => channel.post(message)
let started = false

channel.onMessage((message) => {
  if (!started) void serve(message as WorkerStart)
  started = true
})
startHeartbeat(channel)

async function serve({ job, address }: WorkerStart): Promise<void> {
  try {
    await loadTensorFlow()
    post({ type: 'ready' })
    const share = await openShare(job, await readImageSet(job.data))
    const port = socketPort(await connectToEngine(address.path))
    await serveFarm(port, share, { token: address.token, letMessagesIn })
  } catch (thrown) {
    post({ type: 'failed', error: toErrorValue(thrown) })
    await channel.flushed()
  }
  process.exit(0)
}
