/** Fetches one wheel with pip: whatever index, mirror, proxy or folder the person's pip uses serves it. */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, sha256File, writeWhole } from './files.mjs'
import { findPip } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'
import { createProgress, megabytes } from './progress.mjs'
import { PYTHON } from './wheels.mjs'

/**
 * @typedef {object} Wanted
 * @property {string} requirement in pip's words, `name==version`
 * @property {readonly string[]} platforms
 * @property {string} [sha256] where it is pinned; else what arrives is recorded
 * @property {number} [bytes] where known, for progress
 */

/**
 * The wheel, from the download folder if an earlier set-up got so far. A wheel there is whole: pip
 * writes into a folder beside, and the file is renamed once its hash is right.
 * @param {import('./context.mjs').Context} context
 * @param {Wanted} wanted
 * @returns {Promise<{ path: string, name: string, sha256: string }>}
 */
export async function fetchWheel(context, wanted) {
  const downloads = join(context.cache, 'downloads')
  const notePath = join(downloads, `${wanted.requirement.replace(/[^\w.=-]/g, '_')}-${wanted.platforms[0]}.json`)
  const note = /** @type {{ name: string, sha256: string } | null} */ (await readJson(notePath))
  if (note !== null) {
    const path = join(downloads, note.name)
    if ((await sha256File(path).catch(() => null)) === note.sha256 && (wanted.sha256 ?? note.sha256) === note.sha256)
      return { path, ...note }
    await rm(path, { force: true })
  }
  const partial = join(downloads, 'partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(join(partial, 'tmp'), { recursive: true })
  const name = await download(context, wanted, partial)
  const sha256 = await sha256File(join(partial, name))
  checkHash(name, wanted.sha256, sha256)
  const path = join(downloads, name)
  await rename(join(partial, name), path)
  await writeWhole(notePath, JSON.stringify({ name, sha256 }))
  await rm(partial, { recursive: true, force: true })
  return { path, name, sha256 }
}

/**
 * @param {string} name
 * @param {string | undefined} expected
 * @param {string} found
 * @throws {SetUpProblem} where they differ
 */
export function checkHash(name, expected, found) {
  if (expected === undefined || expected === found) return
  throw new SetUpProblem(
    `${name} is not the file it should be: its SHA-256 is ${found}, not ${expected}.`,
    'Do not use it: find out what your package index or mirror serves, then start again.',
  )
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {Wanted} wanted
 * @param {string} folder
 * @returns {Promise<string>} name of the file in the folder
 */
async function download(context, wanted, folder) {
  const pip = await findPip(context)
  const label = wanted.requirement.replace(/[<>=].*/, '')
  const progress = createProgress(context.say, `fetching ${label}`, wanted.bytes ?? 1e9, megabytes)
  // pip writes to its temporary folder first: how much lies there is how far it is.
  const watch = wanted.bytes === undefined ? undefined : setInterval(() => void folderBytes(folder).then(progress.update), 500)
  const { code, stderr } = await run(
    pip.program,
    [
      ...pip.args,
      'download',
      '--no-deps',
      '--no-cache-dir',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--progress-bar=off',
      `--python-version=${PYTHON.version}`,
      '--implementation=cp',
      `--abi=${PYTHON.abi}`,
      ...wanted.platforms.map((platform) => `--platform=${platform}`),
      '--dest',
      folder,
      wanted.requirement,
    ],
    {
      env: {
        ...context.env,
        PIP_REQUIRE_VIRTUALENV: '0',
        TMPDIR: join(folder, 'tmp'),
        TEMP: join(folder, 'tmp'),
        TMP: join(folder, 'tmp'),
      },
    },
  )
  clearInterval(watch)
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'))
  if (code !== 0 || name === undefined) {
    const reason =
      stderr
        .split('\n')
        .filter((line) => /error/i.test(line))
        .at(-1) ?? stderr.trim().split('\n').at(-1)
    throw new SetUpProblem(
      `pip could not fetch ${wanted.requirement}: ${reason ?? `it ended with ${code}`}`,
      'Mend what pip names (often the network, or the index in "pip config list"; PIP_FIND_LINKS may name a folder of wheels) and start again.',
    )
  }
  progress.end()
  return name
}

/**
 * Bytes of all files under a folder that changes meanwhile.
 * @param {string} folder
 * @returns {Promise<number>}
 */
async function folderBytes(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(parentOf(entry), entry.name)).then(
        (found) => found.size,
        () => 0,
      ),
    )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/**
 * Node 20 began with `path` for what is `parentPath` now.
 * @param {import('node:fs').Dirent & { path?: string }} entry
 */
const parentOf = (entry) => entry.parentPath ?? entry.path ?? ''
