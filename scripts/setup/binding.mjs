/**
 * The binding between Node and TensorFlow: the npm package's own sources, compiled against the cached
 * library, and the library linked to where the package looks for it. It is Node-API, so one file serves
 * every Node and Electron.
 */
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { changedFiles, knownFile, readJson, writeWhole } from './files.mjs'
import { findCompiler } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { tensorflowFolder } from './tensorflow.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {{ tensorflow: string, files: import('./files.mjs').KnownFile[] }} Stamp
 */

const SOURCES = ['tfjs_backend.cc', 'tfjs_binding.cc']

/** @param {Context} context */
const packageFolder = (context) => join(context.root, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
/** @param {Context} context */
const stampPath = (context) => join(context.root, 'node_modules', '.weightscape', 'binding.json')
const BINDING = 'lib/napi-v8/tfjs_binding.node'

/** @type {import('./setup.mjs').Step} */
export const bindingStep = {
  needs: ['compiler'],

  async isDone(context) {
    const stamp = /** @type {Stamp | null} */ (await readJson(stampPath(context)))
    if (stamp === null || stamp.tensorflow !== tensorflowFolder(context)) return false
    const link = await readlink(join(packageFolder(context), 'deps')).catch(() => null)
    if (link !== stamp.tensorflow) return false
    return (await changedFiles(packageFolder(context), stamp.files, context.verify)).length === 0
  },

  async perform(context) {
    const folder = packageFolder(context)
    const tensorflow = tensorflowFolder(context)
    await replaceByLink(join(folder, 'deps'), tensorflow)
    context.say('  compiling the binding')
    const path = join(folder, BINDING)
    await mkdir(dirname(path), { recursive: true })
    const compiler = findCompiler(context)
    const args = compilerArguments(context.platform, join(context.root, 'node_modules', 'node-api-headers', 'include'))
    const { code, stderr } = await run(compiler, [...args, '-o', `${path}.new`], { cwd: folder, env: context.env })
    if (code !== 0) {
      throw new SetUpProblem(
        `The binding could not be compiled with ${compiler}:\n${stderr.trim().split('\n').slice(0, 20).join('\n')}\n`,
        'It needs a compiler that knows C++17 (g++ 8, clang++ 7 or newer); CXX may name one.',
      )
    }
    await rename(`${path}.new`, path)
    /** @type {Stamp} */
    const stamp = { tensorflow, files: [await knownFile(folder, BINDING)] }
    await writeWhole(stampPath(context), JSON.stringify(stamp))
  },
}

/**
 * Run in the package's folder, whose `deps` leads to the library.
 * @param {NodeJS.Platform} platform
 * @param {string} nodeHeaders
 */
function compilerArguments(platform, nodeHeaders) {
  const mac = platform === 'darwin'
  return [
    ...['-O2', '-std=c++17', '-fPIC', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
    ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    ...['-I', 'deps/include', '-I', '.', '-I', 'binding', '-I', nodeHeaders],
    ...SOURCES.map((name) => `binding/${name}`),
    ...['-Ldeps/lib', `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`, '-ltensorflow', '-ltensorflow_framework'],
  ]
}

/**
 * A link that leads to the target, whatever stood there.
 * @param {string} path
 * @param {string} target
 */
async function replaceByLink(path, target) {
  if ((await readlink(path).catch(() => null)) === target) return
  await rm(path, { recursive: true, force: true })
  await symlink(target, path)
}
