/** Which device networks run on: what the driver shows, what the person asks for, and so how a job runs its networks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { EngineDevice } from '../../shared/engine-host.ts'
import type { NetworksRun } from '../../shared/engine-protocol.ts'

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
 * How networks are run: a run that was begun in one way goes on in it, whatever the machine; else WEIGHTSCAPE_DEVICE decides, and
 * where it says nothing, the device that TensorFlow has.
 * @returns null where only TensorFlow can tell, once it is loaded
 */
export function networksRun(begun: NetworksRun | undefined, gpus: readonly string[] = gpusSeen()): NetworksRun | null {
  if (begun !== undefined) return begun
  const asked = process.env['WEIGHTSCAPE_DEVICE']
  if (asked === 'gpu') return 'all at once'
  return asked === 'cpu' || gpus.length === 0 ? 'one by one' : null
}

/** What is known of a GPU that TensorFlow does not use. */
interface Unused {
  gpus: readonly string[]
  /** Whether the TensorFlow that is set up is the one for NVIDIA's GPUs. */
  cuda: boolean
  /** Version of the driver, where it says so. */
  driverVersion: string | undefined
  environment: NodeJS.ProcessEnv
  /** What TensorFlow printed. */
  said: string
}

/** The first driver that CUDA 12 works with. */
const oldestDriver = 525

/** Why, as the end of a sentence, and what to do; the first reason that holds. */
export function whyUnused({ gpus: [gpu], cuda, driverVersion, environment, said }: Unused): EngineDevice['unused'] {
  if (gpu === undefined) return null
  const hidden = environment['CUDA_VISIBLE_DEVICES']
  if (!cuda) {
    const left = environment['WEIGHTSCAPE_DEVICE'] === 'cpu' ? ': WEIGHTSCAPE_DEVICE is cpu' : ''
    return {
      gpu,
      why: `the TensorFlow that is set up is the one for processors${left}`,
      remedy: 'Set Weightscape up again with WEIGHTSCAPE_DEVICE=gpu: that fetches the one for NVIDIA GPUs, some 5 GB.',
    }
  }
  if (hidden !== undefined && !/^(\d|GPU-|MIG-)/.test(hidden))
    return { gpu, why: `CUDA_VISIBLE_DEVICES="${hidden}" hides it`, remedy: 'Unset CUDA_VISIBLE_DEVICES, and start again.' }
  if (driverVersion !== undefined && parseInt(driverVersion) < oldestDriver) {
    const remedy = `Install NVIDIA's driver ${oldestDriver} or newer.`
    return { gpu, why: `its driver, ${driverVersion}, is older than CUDA 12 works with`, remedy }
  }
  const told = said.split('\n').find((line) => /\bcu[a-z]+|gpu librar/i.test(line) && /fail|error|cannot|could not|unable/i.test(line))
  return {
    gpu,
    why: told === undefined ? 'CUDA does not start, and TensorFlow does not say why' : `CUDA does not start: ${told.trim()}`,
    remedy: 'See whether `nvidia-smi` works here; if it does, set Weightscape up again.',
  }
}

/** Version of NVIDIA's driver. */
export function driverVersion(): string | undefined {
  if (!existsSync(`${driver}/version`)) return undefined
  return /Kernel Module\D*([\d.]+)/.exec(readFileSync(`${driver}/version`, 'utf8'))?.[1]
}
