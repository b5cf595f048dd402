/**
 * Native TensorFlow in the per-user cache: the wheel is fetched with pip, checked by its SHA-256, and
 * what is needed of it unpacked, with a manifest of every file. A folder in the cache is whole: it is
 * filled under another name and renamed.
 */
import { mkdir, open, readdir, rename, rm, stat, statfs, symlink } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changedFiles, readJson, writeWhole } from './files.mjs'
import { withLock } from './lock.mjs'
import { fetchWheel, folderBytes } from './pip.mjs'
import { findPython } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { createProgress, megabytes } from './progress.mjs'
import { wheelFor } from './wheels.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {import('./wheels.mjs').Wheel} Wheel
 * @typedef {{ wheels: Record<string, string>, files: import('./files.mjs').KnownFile[] }} Manifest wheels: SHA-256 by file name
 */

/** Where what begins so in the wheel goes: the libraries find NVIDIA's ones at ../nvidia from where they lie. */
const TENSORFLOW_RULES = [
  'tensorflow/libtensorflow_=lib/libtensorflow_',
  ...['tensorflow/c', 'tensorflow/core/platform', 'tsl', 'xla/tsl'].map((name) => `tensorflow/include/${name}/=include/${name}/`),
]
const NVIDIA_RULES = ['nvidia/=nvidia/']

/**
 * Folder of the machine's TensorFlow: `lib`, `include`, and with a GPU `nvidia`.
 * @param {Context} context
 */
export function tensorflowFolder(context) {
  return join(context.cache, 'tensorflow', wheelFor(context).key)
}

/** @type {import('./setup.mjs').Step} */
export const tensorflowStep = {
  name: 'native TensorFlow',
  needs: ['pip'],

  async isDone(context) {
    const folder = tensorflowFolder(context)
    const manifest = /** @type {Manifest | null} */ (await readJson(join(folder, 'manifest.json')))
    if (manifest === null) return false
    const files = context.verify ? manifest.files : manifest.files.filter((file) => file.path.startsWith('lib/'))
    const changed = await changedFiles(folder, files, context.verify)
    if (changed.length > 0) context.say(`  ${folder} is damaged (${changed.slice(0, 3).join(', ')}): it is made anew.`)
    else if (context.verify) context.say(`  ${manifest.files.length} files of native TensorFlow are as they should be.`)
    return changed.length === 0
  },

  async perform(context) {
    await withLock(join(context.cache, 'locks', 'tensorflow.lock'), context.say, async () => {
      if (await this.isDone(context)) return
      const wheel = wheelFor(context)
      await checkMachine(context, wheel)
      const partial = join(context.cache, 'partial')
      await rm(partial, { recursive: true, force: true }) // what a killed set-up left
      await mkdir(partial, { recursive: true })
      const filled = join(partial, wheel.key)
      /** @type {Manifest} */
      const manifest = { wheels: {}, files: [] }
      const main = await fetchWheel(context, { ...wheel, requirement: `${wheel.package}==${wheel.version}` })
      await addWheel(context, main, filled, TENSORFLOW_RULES, manifest)
      if (wheel.cuda) {
        for (const requirement of await cudaRequirements(context, main.path)) {
          const part = await fetchWheel(context, { platforms: wheel.platforms, requirement })
          await addWheel(context, part, filled, NVIDIA_RULES, manifest)
        }
      }
      await linkLibraries(filled)
      await writeWhole(join(filled, 'manifest.json'), JSON.stringify(manifest))
      const folder = tensorflowFolder(context)
      await rm(folder, { recursive: true, force: true })
      await mkdir(join(context.cache, 'tensorflow'), { recursive: true })
      await rename(filled, folder)
      await syncFolder(join(context.cache, 'tensorflow'))
      await rm(join(context.cache, 'downloads'), { recursive: true, force: true })
    })
  },
}

/**
 * The names under which the linker looks for the libraries, beside them.
 * @param {string} folder
 */
async function linkLibraries(folder) {
  const lib = join(folder, 'lib')
  for (const file of await readdir(lib)) {
    const match = /^libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.exec(file)
    if (match === null) continue
    const ending = file.includes('dylib') ? 'dylib' : 'so'
    await symlink(file, join(lib, `libtensorflow${match[1] === 'cc' ? '' : '_framework'}.${ending}`))
  }
}

/**
 * Unpacks a wheel into the folder and adds its files to the manifest.
 * @param {Context} context
 * @param {{ path: string, name: string, sha256: string }} wheel
 * @param {string} folder
 * @param {readonly string[]} rules
 * @param {Manifest} manifest
 */
async function addWheel(context, wheel, folder, rules, manifest) {
  const python = findPython(context)
  const script = fileURLToPath(new URL('unpack.py', import.meta.url))
  /** @type {import('./progress.mjs').Progress | undefined} */
  let progress
  /** @type {{ path: string, sha256: string }[]} */
  const unpacked = []
  const { code, stderr } = await run(python.program, [...python.args, script, wheel.path, folder, ...rules], {
    env: context.env,
    onLine(line) {
      const said = /** @type {{ done: number, total: number } | { path: string, sha256: string }} */ (JSON.parse(line))
      if ('path' in said) unpacked.push(said)
      else (progress ??= createProgress(context.say, `unpacking ${wheel.name}`, said.total, megabytes)).update(said.done)
    },
  })
  if (code !== 0) {
    throw new SetUpProblem(
      `${wheel.name} could not be unpacked into ${context.cache}: ${lastLine(stderr)}`,
      'Make room or mend the folder (WEIGHTSCAPE_CACHE names another), and start again.',
    )
  }
  progress?.end()
  for (const file of unpacked) {
    const { size, mtimeMs } = await stat(join(folder, file.path))
    manifest.files.push({ ...file, size, mtimeMs })
  }
  manifest.wheels[wheel.name] = wheel.sha256
}

/**
 * What the wheel says it needs of NVIDIA's libraries: `name<bound,>=bound`.
 * @param {Context} context
 * @param {string} wheel
 */
async function cudaRequirements(context, wheel) {
  const python = findPython(context)
  const snippet = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
name = next(n for n in archive.namelist() if n.endswith('.dist-info/METADATA'))
print(archive.read(name).decode())`
  const { stdout } = await run(python.program, [...python.args, '-c', snippet, wheel], { env: context.env })
  return requirementsOfExtra(stdout, 'and-cuda')
}

/**
 * @param {string} metadata of a wheel
 * @param {string} extra
 */
export function requirementsOfExtra(metadata, extra) {
  return [...metadata.matchAll(/^Requires-Dist: *([^;\n]+?) *; *extra *== *["']([^"']+)["'] *$/gm)]
    .filter((match) => match[2] === extra)
    .map((match) => match[1].replace(/[() ]/g, ''))
}

/**
 * What would otherwise fail with words that help nobody.
 * @param {Context} context
 * @param {Wheel} wheel
 */
async function checkMachine(context, wheel) {
  if (context.platform === 'linux') {
    const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
    const [major = 0, minor = 0] = (report.header.glibcVersionRuntime ?? '0.0').split('.').map(Number)
    if (major < 2 || (major === 2 && minor < 27)) {
      throw new SetUpProblem(
        `TensorFlow needs the GNU C library 2.27 or newer; this system has ${major === 0 ? 'another one' : `${major}.${minor}`}.`,
        'Use a distribution of 2018 or newer that is not built on musl.',
      )
    }
    if (context.arch === 'x64' && !/\bavx\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))) {
      throw new SetUpProblem('TensorFlow needs a processor with AVX, which this one lacks.', 'Use a processor of 2013 or newer.')
    }
  }
  await mkdir(context.cache, { recursive: true }).catch((/** @type {unknown} */ cause) => {
    throw new SetUpProblem(
      `The cache folder ${context.cache} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Set WEIGHTSCAPE_CACHE to a folder that can be written.',
      { cause },
    )
  })
  const { bavail, bsize } = await statfs(context.cache)
  const kept = Math.min(await folderBytes(join(context.cache, 'downloads')), wheel.bytes) // of an earlier start
  const needed = wheel.bytes - kept + wheel.unpacked
  if (bavail * bsize < needed) {
    throw new SetUpProblem(
      `Native TensorFlow needs ${megabytes(needed)} in ${context.cache}; ${megabytes(bavail * bsize)} are free.`,
      'Make room, or set WEIGHTSCAPE_CACHE to a folder on another disk.',
    )
  }
}

/** @param {string} path */
async function syncFolder(path) {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** @param {string} text */
const lastLine = (text) => text.trim().split('\n').at(-1) ?? ''
