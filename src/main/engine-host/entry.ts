/** The engine process: loads TensorFlow, runs the one job it is given, and ends; or explores until it is ended. */
import { Cockpit } from '../../engine/cockpit/cockpit.ts'
import { runJob } from '../../engine/job-runner/run-job.ts'
import { endFirst } from '../process/end-first.ts'
import { serve, type ServedCall } from '../process/serve.ts'
import { gpusSeen } from './device.ts'
import { listenForWorkers } from './farm-socket.ts'
import { HostContext } from './host-context.ts'
import { loadTensorFlow } from './load-tensorflow.ts'
import { lowerPriority } from './lower-priority.ts'
import { outOfMemory } from './memory.ts'
import type { EngineCalls } from './messages.ts'
import { openFarm } from './open-farm.ts'
import { readImageSet, readProbabilities } from './read-data.ts'

type Run = EngineCalls['run']

lowerPriority()
endFirst()
const { yieldToEventLoop } = serve<EngineCalls>(
  {
    run,
    look: () => loadTensorFlow(),
    explore,
    axes: (request) => exploring().axes(request),
    point: (request) => Promise.resolve(exploring()).then((one) => one.point(request)),
  },
  { once: ['run', 'look'], heartbeat: true },
)

async function run({ job, farm: wanted, networks: asked }: Run['params'], call: ServedCall<Run['event']>): Promise<Run['result']> {
  const context = new HostContext((event) => call.emit(event), yieldToEventLoop)
  call.onStop((how) => context.stop(how))
  try {
    // Listening first: the workers load meanwhile, and connect when they are ready.
    const connected = wanted === null ? Promise.resolve([]) : listenForWorkers(wanted.address, wanted.workers)
    connected.catch(() => undefined) // looked at below
    const { versions, gpu } = await loadTensorFlow()
    const networks = asked ?? (gpu ? 'all at once' : 'one by one')
    void call.emit({ type: 'ready', versions: { ...versions, device: gpu ? (gpusSeen()[0] ?? 'GPU') : 'the processor', networks } })
    const data = 'data' in job ? job.data : undefined
    const images = data === undefined ? null : await readImageSet(data)
    const ports = networks === 'all at once' ? [] : await connected
    // What works on what networks said before runs none; what is sampled is completed one network after the other.
    const runsNetworks = images !== null && data !== undefined && 'document' in job && !('probabilities' in job) && job.kind !== 'sample'
    const farm = runsNetworks
      ? await openFarm({ document: job.document, data }, images, networks === 'all at once' ? 'device' : ports, yieldToEventLoop)
      : null
    try {
      const outside = 'outside' in job && job.outside !== undefined ? await readImageSet(job.outside) : null
      return await runJob(job, { context, farm, images, outside, ...(await readProbabilities(job)) })
    } finally {
      await farm?.close()
    }
  } catch (thrown) {
    throw outOfMemory(thrown)
  } finally {
    context.flush()
  }
}

let cockpit: Cockpit | undefined
const exploring = (): Cockpit => {
  if (cockpit === undefined) throw new TypeError('Nothing is explored yet')
  return cockpit
}

async function explore(
  { data, ...task }: EngineCalls['explore']['params'],
  call: ServedCall<EngineCalls['explore']['event']>,
): Promise<null> {
  const context = new HostContext(() => Promise.resolve(), yieldToEventLoop)
  const { versions } = await loadTensorFlow()
  void call.emit({ type: 'ready', versions })
  cockpit = await Cockpit.open({ ...task, images: await readImageSet(data) }, context)
  return null
}
