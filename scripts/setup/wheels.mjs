/**
 * The Python wheels that hold TensorFlow's C library, by machine; `wheels/` has their versions and hashes. The
 * library does not depend on the Python version that a wheel is for: one is named, so that the same file is fetched everywhere.
 */
import { existsSync } from 'node:fs'
import { findProgram } from './process.mjs'
import { SetUpProblem } from './problem.mjs'

/**
 * @typedef {object} Wheels
 * @property {string} key name of their folder in the cache
 * @property {string[]} platforms pip's platform tags
 * @property {number} space bytes on disk, packed and unpacked
 */

const VERSION = '2.21.0'
// pip takes the tags as they are: without the older ones it would pass over wheels of NVIDIA's libraries.
const LINUX_X64 = [...Array.from({ length: 23 }, (_, i) => `manylinux_2_${27 - i}_x86_64`), 'manylinux2014_x86_64', 'manylinux1_x86_64']

/** @type {Readonly<Record<string, Wheels>>} */
export const WHEELS = {
  'linux-x64': { key: `tensorflow-cpu-${VERSION}-linux-x64`, platforms: LINUX_X64, space: 1200e6 },
  'linux-x64-gpu': { key: `tensorflow-${VERSION}-linux-x64-cuda`, platforms: LINUX_X64, space: 10_100e6 },
  'linux-arm64': { key: `tensorflow-${VERSION}-linux-arm64`, platforms: ['manylinux_2_27_aarch64'], space: 1250e6 },
  'darwin-arm64': { key: `tensorflow-${VERSION}-darwin-arm64`, platforms: ['macosx_12_0_arm64'], space: 1050e6 },
}

/**
 * The wheels for this machine; WEIGHTSCAPE_DEVICE=cpu or gpu overrides what is seen.
 * @param {import('./context.mjs').Context} context
 * @returns {Wheels & { machine: string }} their requirements are in `wheels/MACHINE.txt`
 * @throws {SetUpProblem} where TensorFlow has no library for the machine
 */
export function wheelsFor(context) {
  const plain = `${context.platform}-${context.arch}`
  const machine = `${plain}-gpu` in WHEELS && wantsGpu(context) ? `${plain}-gpu` : plain
  const wheels = WHEELS[machine]
  if (wheels !== undefined) return { machine, ...wheels }
  if (context.platform === 'win32') {
    throw new SetUpProblem(
      'TensorFlow has no C library for Windows that Node could load.',
      'Install WSL 2 ("wsl --install") and run Weightscape there: it is Linux, and sees an NVIDIA GPU too.',
    )
  }
  throw new SetUpProblem(
    `TensorFlow ${VERSION} has no library for ${machine}.`,
    'Use Linux on x64 or arm64, a Mac with Apple silicon, or WSL 2 on Windows.',
  )
}

/** @param {import('./context.mjs').Context} context */
function wantsGpu({ env }) {
  const device = env['WEIGHTSCAPE_DEVICE']
  if (device === 'cpu' || device === 'gpu') return device === 'gpu'
  if (device !== undefined && device !== '') {
    throw new SetUpProblem(`WEIGHTSCAPE_DEVICE is "${device}".`, 'Set it to cpu or gpu, or leave it out to use what is seen.')
  }
  return gpuIsSeen(env)
}

/**
 * Whether NVIDIA's driver shows itself.
 * @param {NodeJS.ProcessEnv} env
 */
const gpuIsSeen = (env) => existsSync('/proc/driver/nvidia/version') || findProgram(['nvidia-smi'], env) !== null

/**
 * What is about to be fetched, before it is; and that a GPU asked for is none that is seen.
 * @param {import('./context.mjs').Context} context
 * @param {string} requirements text of the machine's file of wheels
 */
export function fetchWords(context, requirements) {
  const { machine, space } = wheelsFor(context)
  const files = requirements.split('\n').filter((line) => line.includes('--hash')).length
  const size = `${files === 1 ? 'one file' : `${files} files`}, up to ${(space / 1e9).toFixed(1)} GB of disk until it is done`
  const words = [`  fetching native TensorFlow for ${machine}: ${size}; pip shows how far each file is`]
  if (machine.endsWith('-gpu') && !gpuIsSeen(context.env))
    words.push('  No NVIDIA GPU is seen here: it will run on the processor until there is one (WEIGHTSCAPE_DEVICE=cpu fetches far less).')
  return words
}
