/** Which device networks run on: what the driver shows, what the person asks for, and so how a job runs its networks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { EngineJob, NetworksRun } from '../../shared/engine-protocol.ts'

const driver = '/proc/driver/nvidia'

/** Models of the GPUs that NVIDIA's driver shows; whether TensorFlow uses them only TensorFlow can tell. */
export function gpusSeen(): string[] {
  if (existsSync(`${driver}/gpus`)) {
    return readdirSync(`${driver}/gpus`).map((gpu) => {
      const told = readFileSync(`${driver}/gpus/${gpu}/information`, 'utf8')
      return /^Model:\s*(.+?)\s*$/m.exec(told)?.[1] ?? 'NVIDIA GPU'
    })
  }
  // Under WSL the driver is Windows'.
  return existsSync('/usr/lib/wsl/lib/libcuda.so.1') ? ['NVIDIA GPU'] : []
}

/**
 * How a job runs its networks: a run that was begun in one way goes on in it, whatever the machine; else WEIGHTSCAPE_DEVICE decides, and
 * where it says nothing, the device that TensorFlow has.
 * @returns null where only TensorFlow can tell, once it is loaded
 */
export function networksRun(job: EngineJob, gpus: readonly string[] = gpusSeen()): NetworksRun | null {
  if (job.kind === 'train' && job.networks !== undefined) return job.networks
  const asked = process.env['WEIGHTSCAPE_DEVICE']
  if (asked === 'gpu') return 'all at once'
  return asked === 'cpu' || gpus.length === 0 ? 'one by one' : null
}
