/** Asks an engine process what TensorFlow runs on: the driver shows GPUs that it may not use. */
import type { EngineDevice } from '../../shared/engine-host.ts'
import { Channel } from '../process/channel.ts'
import type { Spawn } from '../process/child.ts'
import { driverVersion, gpusSeen, networksRun, whyUnused } from './device.ts'
import { engineLost } from './engine-lost.ts'
import type { EngineEntries } from './entries.ts'
import { processEnvironment, processFlags } from './environment.ts'
import { engineSchemas, type EngineCalls } from './messages.ts'

/** @throws LabError `set-up` where TensorFlow cannot be loaded, `engine-lost` */
export async function findDevice(spawn: Spawn, entries: EngineEntries, gpus: readonly string[] = gpusSeen()): Promise<EngineDevice> {
  // With all that it has to say, or its reasons would be left out.
  const environment = { ...processEnvironment({ threads: 1, lowPriority: false }), TF_CPP_MIN_LOG_LEVEL: '0' }
  const child = spawn({ role: 'engine', entry: entries.engine, flags: processFlags, environment })
  let said = ''
  child.onOutput((text) => (said += text))
  const lost = (loss: Parameters<typeof engineLost>[2], output: string) =>
    engineLost('verify', 'The engine process', loss, output, () => false)
  const channel = new Channel<EngineCalls>(child, { schemas: engineSchemas('verify'), lost })
  const { versions, gpu, cuda } = await channel.call('look', null).result
  await channel.gone
  return {
    versions,
    gpu: gpu ? (gpus[0] ?? 'GPU') : null,
    networks: networksRun(undefined, gpus) ?? (gpu ? 'all at once' : 'one by one'),
    unused: gpu ? null : whyUnused({ gpus, cuda, driverVersion: driverVersion(), environment: process.env, said }),
  }
}
