/** A farm worker: runs the networks that the engine sends it, until the engine or the host is gone. */
import { serveFarm } from '../../engine/farm/serve-farm.ts'
import { endFirst } from '../process/end-first.ts'
import { serve } from '../process/serve.ts'
import { yieldToEventLoop } from '../process/yield-to-event-loop.ts'
import { connectToEngine, socketPort } from './farm-socket.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { lowerPriority } from './lower-priority.ts'
import type { FarmCalls } from './messages.ts'
import { openLocalWorker } from './open-farm.ts'
import { readImageSet } from './read-data.ts'

lowerPriority()
endFirst()
serve<FarmCalls>(
  {
    async work({ job, address }, call) {
      const { versions } = await loadTensorFlow()
      void call.emit({ type: 'ready', versions })
      const worker = await openLocalWorker(job, await readImageSet(job.data))
      const port = socketPort(await connectToEngine(address.path))
      await serveFarm(port, worker, { token: address.token, yieldToEventLoop })
      return null
    },
  },
  { once: ['work'], heartbeat: true },
)
