/** The engine process: loads TensorFlow, runs the one job it is given, and ends. */
import type { EngineJob, EngineMessage, HostMessage } from '../../shared/engine-protocol.ts'
import { toErrorValue } from '../../shared/errors.ts'
import { runJob } from '../../engine/job-runner/run-job.ts'
import { openFarm } from './open-farm.ts'
import { giveWay } from './give-way.ts'
import { startHeartbeat } from './heartbeat.ts'
import { HostContext } from './host-context.ts'
import { listenForWorkers } from './farm-socket.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { outOfMemory } from './memory.ts'
import { openParentChannel } from './parent-channel.ts'
import { readImageSet, readProbabilities } from './read-data.ts'

giveWay()
const channel = openParentChannel()
const post = (message: EngineMessage): void => channel.post(message)
const context = new HostContext((event) => post({ type: 'event', event }), channel.letMessagesThrough)
let started = false

channel.onMessage((value) => {
  const message = value as HostMessage
  switch (message.type) {
    case 'start':
      if (!started) void serve(message.job, message.farm)
      started = true
      break
    case 'stop':
      context.stop(message.how)
      break
    case 'taken':
      context.taken(message.bytes)
      break
  }
})
startHeartbeat(channel)

type FarmWish = Extract<HostMessage, { type: 'start' }>['farm']

/** Runs the job, says how it ended, and ends this process. */
async function serve(job: EngineJob, farm: FarmWish): Promise<void> {
  let last: EngineMessage
  try {
    last = { type: 'result', result: await run(job, farm) }
  } catch (thrown) {
    last = { type: 'failed', error: toErrorValue(outOfMemory(thrown)) }
  }
  context.flush()
  post(last)
  await channel.flushed()
  process.exit(0)
}

async function run(job: EngineJob, { path, workers, token }: FarmWish) {
  // Listening first: the workers load meanwhile, and connect when they are ready.
  const connected = path === null ? Promise.resolve([]) : listenForWorkers({ path, token }, workers)
  connected.catch(() => undefined) // looked at below
  const { versions, milliseconds } = await loadTensorFlow()
  post({ type: 'ready', versions, loadMs: milliseconds })
  const images = 'data' in job ? await readImageSet(job.data) : null
  const ports = await connected
  const farm = images !== null && 'data' in job && job.kind !== 'ensemble' ? await openFarm(job, images, ports, channel.letMessagesThrough) : null
  try {
    return await runJob(job, { context, farm, images, probabilities: job.kind === 'ensemble' ? await readProbabilities(job) : null })
  } finally {
    await farm?.close()
  }
}
