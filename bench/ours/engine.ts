/** The engine as the lab runs it: this process and its farm workers, opened for one document on MNIST. */
import type { Farm } from '../../src/engine/farm/farm.ts'
import type { ImageSet } from '../../src/engine/target-network/program.ts'
import { methodEngine, type Trainer } from '../../src/engine/methods/method-engine.ts'
import { gpusSeen } from '../../src/main/engine-host/device.ts'
import { sourceEntries } from '../../src/main/engine-host/entries.ts'
import { processEnvironment, processFlags } from '../../src/main/engine-host/environment.ts'
import { createFarmAddress, listenForWorkers } from '../../src/main/engine-host/farm-socket.ts'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'
import { farmSchemas, type FarmCalls } from '../../src/main/engine-host/messages.ts'
import { openFarm } from '../../src/main/engine-host/open-farm.ts'
import { readImageSet } from '../../src/main/engine-host/read-data.ts'
import { Channel } from '../../src/main/process/channel.ts'
import { spawnNodeChild } from '../../src/main/process/node-child.ts'
import { yieldToEventLoop } from '../../src/main/process/yield-to-event-loop.ts'
import type { DataReference } from '../../src/shared/engine-protocol.ts'
import type { NetworkSource } from '../../src/engine/methods/network-source.ts'
import type { Experiment } from '../../src/shared/experiment.ts'
import { LabError } from '../../src/shared/errors.ts'

export interface OpenEngine {
  readonly session: Trainer
  farm: Farm
  data: DataReference
  images: ImageSet
  versions: Record<string, string>
  /** Back to the initial weights. */
  restart: () => void
  /** The networks of now. */
  sampler: () => NetworkSource
  /** What TensorFlow runs on, and how networks are run there. */
  where: string
}

/** @param processes in the farm, this one included; or the device, on which all networks run at once */
export async function openEngine(document: Experiment, data: DataReference, processes: number | 'device'): Promise<OpenEngine> {
  const environment = processEnvironment({ threads: 1, lowPriority: false })
  const workers = processes === 'device' ? 0 : processes - 1
  const address = createFarmAddress()
  const connected = workers > 0 ? listenForWorkers(address, workers) : Promise.resolve([])
  for (let i = 0; i < workers; i++) {
    const child = spawnNodeChild({ role: 'farm', entry: sourceEntries.farm, flags: processFlags, environment })
    const worker = new Channel<FarmCalls>(child, {
      schemas: farmSchemas,
      lost: ({ how }, output) => new LabError('engine-lost', `A farm worker is lost (${how}): ${output}`, 'Start the bench again.'),
    })
    worker.call('work', { job: { document, data }, address }).result.catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
    process.once('exit', () => child.kill())
  }
  const { versions, gpu } = await loadTensorFlow()
  const images = await readImageSet(data)
  const farm = await openFarm({ document, data }, images, processes === 'device' ? processes : await connected, yieldToEventLoop)
  const on = gpu ? (gpusSeen()[0] ?? 'the GPU') : 'the processor'
  const engine = await methodEngine(document)
  let session = engine.createTrainer(document, farm)
  return {
    get session() {
      return session
    },
    farm,
    data,
    images,
    versions,
    where: processes === 'device' ? `all networks at once on ${on}` : farm.processes > 1 ? `${farm.processes} processes` : 'one process',
    restart: () => void (session = engine.createTrainer(document, farm)),
    sampler: () => session.source(),
  }
}
