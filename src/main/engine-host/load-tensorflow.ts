/**
 * Loads native TensorFlow into this process. The engine itself imports ops from
 * `@tensorflow/tfjs-core` alone; `require` of the native package and `import` of the core package
 * reach one and the same CommonJS file under Node, so both see one backend.
 */
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { LabError, messageOf } from '../../shared/errors.ts'

/** Set unless the environment says otherwise; must stand before the library is loaded. */
export const tensorFlowDefaults: Readonly<Record<string, string>> = {
  // The library leaves oneDNN off on AMD processors: convolution gradients are 2.5-3.5 times slower without it.
  TF_ENABLE_ONEDNN_OPTS: '1',
  // No banner; errors still reach stderr.
  TF_CPP_MIN_LOG_LEVEL: '2',
}

export interface LoadedTensorFlow {
  /** Versions by name: node, tfjs, tfjs-node, tensorflow (the C library). */
  versions: Record<string, string>
  /** Whether it runs on a GPU, and whether it is the library for NVIDIA's. */
  gpu: boolean
  cuda: boolean
}

interface NativePackage {
  version: Record<string, string>
  backend(): { binding: { TF_Version?: string }; isUsingGpuDevice: boolean }
  ready(): Promise<void>
}

let loading: Promise<LoadedTensorFlow> | undefined

/**
 * Loads the library once a process; later calls get the same promise.
 * @throws LabError `set-up` when the native library is not there or cannot be loaded
 */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= load()
  return loading
}

async function load(): Promise<LoadedTensorFlow> {
  for (const [name, value] of Object.entries(tensorFlowDefaults)) process.env[name] ??= value
  const require = createRequire(import.meta.url)
  defineRemovedUtilities(require('node:util') as Record<string, unknown>)
  let native: NativePackage
  try {
    native = require('@tensorflow/tfjs-node-gpu') as NativePackage
    await native.ready()
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0]
    throw new LabError(
      'set-up',
      `Native TensorFlow cannot be loaded from node_modules/@tensorflow/tfjs-node-gpu: ${reason}`,
      'Run `npm start` in the project: it does the set-up, and says what is missing if it cannot.',
      { cause },
    )
  }
  return {
    versions: {
      node: process.versions.node,
      tfjs: native.version['tfjs-core'] ?? 'unknown',
      'tfjs-node': native.version['tfjs-node'] ?? 'unknown',
      tensorflow: native.backend().binding.TF_Version ?? 'unknown',
    },
    gpu: native.backend().isUsingGpuDevice,
    cuda: /cuda/.test(libraryFolder(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))),
  }
}

/** Where set-up keeps the library that the package is linked to. */
const libraryFolder = (manifest: string): string => {
  const link = join(dirname(manifest), 'deps')
  return existsSync(link) ? realpathSync(link) : link
}

/** tfjs-node calls two functions that newer versions of Node dropped from `util`. */
function defineRemovedUtilities(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined
  util['isArray'] = Array.isArray
}
