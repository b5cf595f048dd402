/**
 * The binding between Node and TensorFlow: the npm package's own sources, compiled against the cached
 * library, and the library linked to where the package looks for it. It is Node-API, so one file serves
 * every Node and Electron. What was compiled is kept in the cache: a second clone copies it.
 */
import { chmod, lstat, mkdir, readFile, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { changedFiles, readJson, sha256, writeWhole } from './files.mjs'
import { findCompiler } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { createProgress } from './progress.mjs'
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
  name: 'binding',
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
    const path = join(folder, BINDING)
    const binding = await compiledBinding(context)
    await writeWhole(path, binding)
    await chmod(path, 0o755)
    const { size, mtimeMs } = await stat(path)
    /** @type {Stamp} */
    const stamp = { tensorflow, files: [{ path: BINDING, size, mtimeMs, sha256: sha256(binding) }] }
    await writeWhole(stampPath(context), JSON.stringify(stamp))
  },
}

/**
 * The binding's bytes, from the cache or the compiler.
 * @param {Context} context
 */
async function compiledBinding(context) {
  const folder = packageFolder(context)
  const compiler = findCompiler(context)
  const { code, stdout, stderr } = await run(compiler, ['--version'], { env: context.env })
  if (code !== 0)
    throw new SetUpProblem(`The C++ compiler ${compiler} does not run: ${stderr.trim()}`, 'Mend or reinstall it and start again.')
  const args = compilerArguments(context.platform, join(context.root, 'node_modules', 'node-api-headers', 'include'))
  const sources = await Promise.all(
    (await readdir(join(folder, 'binding'))).sort().map((name) => readFile(join(folder, 'binding', name), 'utf8')),
  )
  const headers = await readFile(join(context.root, 'node_modules', 'node-api-headers', 'package.json'), 'utf8')
  const key = sha256(
    JSON.stringify([stdout.split('\n')[0], compilerArguments(context.platform, ''), sources, headers, tensorflowFolder(context)]),
  )
  const cached = join(context.cache, 'bindings', `${key.slice(0, 32)}.json`)
  const kept = /** @type {{ sha256: string, base64: string } | null} */ (await readJson(cached))
  if (kept !== null) {
    const bytes = Buffer.from(kept.base64, 'base64')
    if (sha256(bytes) === kept.sha256) return bytes
  }
  const progress = createProgress(context.say, 'compiling the binding', 1, String)
  const output = join(folder, 'lib', `tfjs_binding.${randomUUID()}.node`)
  await mkdir(join(folder, 'lib'), { recursive: true })
  try {
    const compiled = await run(compiler, [...args, '-o', output], { cwd: folder, env: context.env })
    if (compiled.code !== 0) {
      throw new SetUpProblem(
        `The binding could not be compiled with ${compiler}:\n${compiled.stderr.trim().split('\n').slice(0, 20).join('\n')}\n`,
        'It needs a compiler that knows C++17 (g++ 8, clang++ 7 or newer); CXX may name one.',
      )
    }
    const bytes = await readFile(output)
    await writeWhole(cached, JSON.stringify({ sha256: sha256(bytes), base64: bytes.toString('base64') }))
    progress.end()
    return bytes
  } finally {
    await rm(output, { force: true })
  }
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
 * A link that leads to the target, whatever stood there; what uses the old one meanwhile finds one of both.
 * @param {string} path
 * @param {string} target
 */
async function replaceByLink(path, target) {
  if ((await readlink(path).catch(() => null)) === target) return
  const temporary = `${path}.${randomUUID()}`
  await symlink(target, temporary, 'junction')
  const found = await lstat(path).catch(() => null)
  if (found?.isDirectory() === true) await rm(path, { recursive: true, force: true })
  await rename(temporary, path)
}
