/**
 * Native TensorFlow in the per-user cache: its wheels are fetched with pip, which checks their SHA-256, and
 * what is needed of them unpacked, with a manifest of every file. A folder in the cache is whole: it is
 * filled under another name and renamed.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, statfs, symlink } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changedFiles, knownFile, readJson, writeWhole } from './files.mjs'
import { withLock } from './lock.mjs'
import { findPython } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { fetchWords, wheelsFor } from './wheels.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {{ files: import('./files.mjs').KnownFile[] }} Manifest
 */

/**
 * Folder of the machine's TensorFlow: `lib`, `include`, and with a GPU `nvidia`.
 * @param {Context} context
 */
export function tensorflowFolder(context) {
  return join(context.cache, 'tensorflow', wheelsFor(context).key)
}

/** @type {import('./setup.mjs').Step} */
export const tensorflowStep = {
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
    await mkdir(context.cache, { recursive: true }).catch((/** @type {unknown} */ cause) => {
      throw new SetUpProblem(
        `The cache folder ${context.cache} cannot be made: ${/** @type {Error} */ (cause).message}.`,
        'Set WEIGHTSCAPE_CACHE to a folder that can be written.',
      )
    })
    await withLock(join(context.cache, 'locks', 'tensorflow.lock'), context.say, async () => {
      if (await this.isDone(context)) return
      await checkMachine(context)
      const [downloads, partial] = ['downloads', 'partial'].map((name) => join(context.cache, name))
      await rm(partial, { recursive: true, force: true }) // what a killed set-up left
      // Its Python may be about to end still: it must not write into ours.
      const filled = join(partial, randomUUID())
      const wheels = await fetchWheels(context, join(downloads, wheelsFor(context).key))
      context.say('  unpacking native TensorFlow')
      const unpack = fileURLToPath(new URL('unpack.py', import.meta.url))
      const { code, stderr } = await run(findPython(context), [unpack, filled, ...wheels], { env: context.env })
      if (code !== 0) {
        throw new SetUpProblem(
          `Native TensorFlow could not be unpacked into ${context.cache}: ${stderr.trim().split('\n').at(-1) ?? ''}`,
          'Make room or mend the folder (WEIGHTSCAPE_CACHE names another), and start again.',
        )
      }
      await writeWhole(join(filled, 'manifest.json'), JSON.stringify({ files: await knownFiles(filled) }))
      await linkLibraries(join(filled, 'lib'))
      const folder = tensorflowFolder(context)
      await rm(folder, { recursive: true, force: true })
      await mkdir(join(context.cache, 'tensorflow'), { recursive: true })
      await rename(filled, folder)
      await rm(downloads, { recursive: true, force: true })
    })
  },
}

/**
 * Fetches the machine's wheels as pip would: whatever index, mirror, proxy or folder the person's pip uses serves them.
 * Those of a download that an earlier set-up finished are there still; pip checks them like the others.
 * @param {Context} context
 * @param {string} downloads folder
 * @returns {Promise<string[]>} their paths
 */
async function fetchWheels(context, downloads) {
  const { machine, platforms } = wheelsFor(context)
  const requirements = fileURLToPath(new URL(`wheels/${machine}.txt`, import.meta.url))
  for (const line of fetchWords(context, readFileSync(requirements, 'utf8'))) context.say(line)
  const { code } = await run(
    findPython(context),
    [
      ...['-m', 'pip', 'download', '--require-hashes', '--no-deps', '--no-cache-dir', '--only-binary=:all:', '--disable-pip-version-check'],
      ...['--python-version=3.12', '--implementation=cp', '--abi=cp312', ...platforms.map((platform) => `--platform=${platform}`)],
      ...['--dest', downloads, '-r', requirements],
    ],
    { env: { ...context.env, PIP_REQUIRE_VIRTUALENV: '0' }, shown: true },
  )
  if (code !== 0) {
    throw new SetUpProblem(
      'pip could not fetch native TensorFlow, for the reason that it gives above.',
      'Mend what pip names (often the network, or the index in "pip config list"; PIP_FIND_LINKS may name a folder of wheels) and start again.',
    )
  }
  return (await readdir(downloads)).filter((name) => name.endsWith('.whl')).map((name) => join(downloads, name))
}

/**
 * @param {string} folder
 * @returns {Promise<import('./files.mjs').KnownFile[]>} every file under it
 */
async function knownFiles(folder) {
  const files = []
  for (const name of await readdir(folder, { recursive: true })) {
    if ((await stat(join(folder, name))).isFile()) files.push(await knownFile(folder, name))
  }
  return files
}

/**
 * The names under which the linker looks for the libraries, beside them.
 * @param {string} lib
 */
async function linkLibraries(lib) {
  for (const file of await readdir(lib)) {
    const match = /^libtensorflow_(cc|framework)\.(?:(so)\.2|2\.(dylib))$/.exec(file)
    if (match === null) continue
    await symlink(file, join(lib, `libtensorflow${match[1] === 'cc' ? '' : '_framework'}.${match[2] ?? match[3]}`))
  }
}

/**
 * What would otherwise fail with words that help nobody.
 * @param {Context} context
 */
async function checkMachine(context) {
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
  const { bavail, bsize } = await statfs(context.cache)
  const [needed, free] = [wheelsFor(context).space, bavail * bsize].map((bytes) => Math.round(bytes / 1e6))
  if (free < needed) {
    throw new SetUpProblem(
      `Native TensorFlow needs ${needed} MB in ${context.cache}; ${free} MB are free.`,
      'Make room, or set WEIGHTSCAPE_CACHE to a folder on another disk.',
    )
  }
}
