/**
 * The Python wheels that hold TensorFlow's C library, by machine. The library does not depend on the
 * Python version that a wheel is for; one is named so that the same file is fetched everywhere.
 */
import { existsSync } from 'node:fs'
import { findProgram } from './process.mjs'
import { SetUpProblem } from './problem.mjs'

/**
 * @typedef {object} Wheel
 * @property {string} key name of its folder in the cache
 * @property {string} package
 * @property {string} version
 * @property {string[]} platforms pip's platform tags
 * @property {number} bytes of the wheel, for progress
 * @property {number} unpacked bytes on disk afterwards, for the check of free space
 * @property {string} sha256 of the wheel
 * @property {boolean} cuda whether NVIDIA's libraries belong to it
 */

export const PYTHON = { version: '3.12', abi: 'cp312' }
const VERSION = '2.21.0'
// pip takes the tags as they are: without the older ones it would pass over newer wheels of NVIDIA's libraries.
const LINUX_X64 = [...Array.from({ length: 23 }, (_, i) => `manylinux_2_${27 - i}_x86_64`), 'manylinux2014_x86_64', 'manylinux1_x86_64']

/** @type {Readonly<Record<string, Wheel>>} */
export const WHEELS = {
  'linux-x64': {
    key: `tensorflow-cpu-${VERSION}-linux-x64`,
    package: 'tensorflow-cpu',
    version: VERSION,
    platforms: LINUX_X64,
    bytes: 274_000_000,
    unpacked: 900e6,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    cuda: false,
  },
  'linux-x64-gpu': {
    key: `tensorflow-${VERSION}-linux-x64-cuda`,
    package: 'tensorflow',
    version: VERSION,
    platforms: LINUX_X64,
    bytes: 572_611_111,
    unpacked: 9500e6,
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    cuda: true,
  },
  'linux-arm64': {
    key: `tensorflow-${VERSION}-linux-arm64`,
    package: 'tensorflow',
    version: VERSION,
    platforms: ['manylinux_2_27_aarch64'],
    bytes: 281_946_471,
    unpacked: 950e6,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    cuda: false,
  },
  'darwin-arm64': {
    key: `tensorflow-${VERSION}-darwin-arm64`,
    package: 'tensorflow',
    version: VERSION,
    platforms: ['macosx_12_0_arm64'],
    bytes: 223_488_205,
    unpacked: 800e6,
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    cuda: false,
  },
}

/**
 * The wheel for this machine; WEIGHTSCAPE_DEVICE=cpu or gpu overrides what is seen.
 * @param {import('./context.mjs').Context} context
 * @returns {Wheel}
 * @throws {SetUpProblem} where TensorFlow has no library for the machine
 */
export function wheelFor(context) {
  const machine = `${context.platform}-${context.arch}`
  const gpu = WHEELS[`${machine}-gpu`]
  if (gpu !== undefined && wantsGpu(context)) return gpu
  const wheel = WHEELS[machine]
  if (wheel !== undefined) return wheel
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
function wantsGpu({ env, platform }) {
  const device = env['WEIGHTSCAPE_DEVICE']
  if (device === 'cpu' || device === 'gpu') return device === 'gpu'
  if (device !== undefined && device !== '') {
    throw new SetUpProblem(`WEIGHTSCAPE_DEVICE is "${device}".`, 'Set it to cpu or gpu, or leave it out to use what is seen.')
  }
  return existsSync('/proc/driver/nvidia/version') || findProgram(['nvidia-smi'], env, platform) !== null
}
