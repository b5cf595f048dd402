/** What engine processes find in their environment. It must stand before the native library loads. */
import { recommendedEnvironment } from '../../engine/native/environment.ts'
import { lowPriority as wish } from './lower-priority.ts'
import { tensorFlowDefaults } from './load-tensorflow.ts'

/** On a GPU: memory as it is needed instead of all of it, and products in float32, not in TensorFloat-32. */
const gpuEnvironment = { TF_FORCE_GPU_ALLOW_GROWTH: 'true', NVIDIA_TF32_OVERRIDE: '0' }

/** For processes that run networks one by one: a GPU would wait for each kernel to be called. */
export const withoutGpu = { CUDA_VISIBLE_DEVICES: '-1' }

/**
 * Environment of one process of a job.
 * @param threads of TensorFlow within one op. In a farm it is 1: two processes of one thread each
 *   gain 1.95 times over one, two threads in one process 1.4 times; and one thread gives the same
 *   bits however many processes there are.
 * @param lowPriority whether it lowers its own priority, because a window is used meanwhile
 */
export function processEnvironment({ threads, lowPriority }: { threads: number; lowPriority: boolean }): Record<string, string> {
  return {
    ...tensorFlowDefaults,
    ...recommendedEnvironment,
    ...gpuEnvironment,
    TF_NUM_INTRAOP_THREADS: String(threads),
    ...(lowPriority ? wish : {}),
  }
}

/** V8 of Node 24. Others, Electron's among them, know the option below under other names or not at all, and refuse to start with it. */
const knowsAccounting = process.versions.v8.startsWith('13.6.')

/**
 * Options of V8 for each process of a job. A step makes some 20 MB of arrays that are garbage at its end, and
 * V8 took that for a reason to collect everything: beside a small heap once a step, and, whatever the heap,
 * once for each 64 MB of arrays. Arrays are collected with young garbage anyway; so the heap begins large, MB,
 * and arrays count towards its size instead of having a limit of their own. docs/decisions/processes.md has the figures.
 */
export const processFlags: readonly string[] = [
  '--initial-heap-size=256',
  ...(knowsAccounting ? ['--external-memory-accounted-in-global-limit'] : []),
]
