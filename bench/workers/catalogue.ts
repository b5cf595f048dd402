/** Who takes part in a bench, and how each is started. */
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { processEnvironment, processFlags } from '../../src/main/engine-host/environment.ts'
import { installPackages } from './python-packages.ts'
import { LineWorker } from './line-worker.ts'

/** Rivals in training, sampling and evaluation. */
export const methodRivals = ['tensorflow', 'jax', 'torch'] as const
export type MethodRival = (typeof methodRivals)[number]

/** Those that take part unless others are named: torch is a download of gigabytes. */
export const defaultRivals: readonly MethodRival[] = ['tensorflow', 'jax']

const threads = String(availableParallelism())

/** Rivals get every core, and oneDNN where TensorFlow would leave it off. */
const rivalEnvironment = { TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2', OMP_NUM_THREADS: threads, PYTHONUNBUFFERED: '1' }

/**
 * Starts a rival, installing its packages first if need be.
 * @throws Error when they cannot be installed
 */
export async function startRival(rival: MethodRival | 'points' | 'references', say: (line: string) => void): Promise<LineWorker> {
  const folder = fileURLToPath(new URL(`../rivals/${rival}/`, import.meta.url))
  const { python, environment } = await installPackages(rival, `${folder}requirements.txt`, (line) => say(`${rival}: ${line}`))
  return new LineWorker(rival, {
    command: python,
    args: ['-s', `${folder}worker.py`],
    environment: { ...rivalEnvironment, ...environment },
  })
}

/**
 * Starts one of our own workers under bench/ours, in the environment that the engine host gives its processes.
 * @param threads of TensorFlow within one op: one in a farm, every core for jobs without one
 */
export function startOurs(file: 'worker.ts' | 'points-worker.ts', threads = availableParallelism()): LineWorker {
  const path = fileURLToPath(new URL(`../ours/${file}`, import.meta.url))
  return new LineWorker('ours', {
    command: process.execPath,
    args: [...processFlags, path],
    environment: processEnvironment({ threads, lowPriority: false }),
  })
}
