/**
 * Fetches one wheel as pip would: whatever index, mirror, proxy or folder the person's pip uses serves it.
 * `fetch.py` goes on from the bytes of an earlier try; where it cannot, `pip download` fetches all of it.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readJson, sha256File, writeWhole } from './files.mjs'
import { findPip, findPython } from './prerequisites.mjs'
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
 *
 * @typedef {object} Fetched
 * @property {string} name of the file in the download folder
 * @property {string} sha256
 *
 * A line of fetch.py; bytes are counted from the start of the file.
 * @typedef {{ said: 'kept', name: string, bytes: number }
 *   | { said: 'afresh', name: string, reason: string }
 *   | { said: 'progress', done: number, total: number | null }
 *   | { said: 'done', name: string, sha256: string }
 *   | { said: 'wrong', name: string, expected: string, found: string }
 *   | { said: 'broken', name: string, done: number, reason: string }
 *   | { said: 'unavailable', reason: string }} FetchLine
 */

/**
 * The wheel, from the download folder if an earlier set-up got so far. A wheel there is whole: it is
 * renamed once its hash is right. What came of one that is not lies beside it as `NAME.part`.
 * @param {import('./context.mjs').Context} context
 * @param {Wanted} wanted
 * @returns {Promise<{ path: string, name: string, sha256: string }>}
 */
export async function fetchWheel(context, wanted) {
  const downloads = join(context.cache, 'downloads')
  const notePath = join(downloads, `${wanted.requirement.replace(/[^\w.=-]/g, '_')}-${wanted.platforms[0]}.json`)
  const note = /** @type {Fetched | null} */ (await readJson(notePath))
  if (note !== null) {
    const path = join(downloads, note.name)
    if ((await sha256File(path).catch(() => null)) === note.sha256 && (wanted.sha256 ?? note.sha256) === note.sha256)
      return { path, ...note }
    await rm(path, { force: true })
  }
  await mkdir(downloads, { recursive: true })
  const fetched = (await fetchResumably(context, wanted, downloads)) ?? (await fetchWhole(context, wanted, downloads))
  await writeWhole(notePath, JSON.stringify(fetched))
  return { path: join(downloads, fetched.name), ...fetched }
}

/**
 * Goes on from the bytes that an earlier try left.
 * @param {import('./context.mjs').Context} context
 * @param {Wanted} wanted
 * @param {string} downloads
 * @returns {Promise<Fetched | null>} null where this way does not lead to the file: pip has to fetch it
 * @throws {SetUpProblem} where the connection broke for good, or the file is not the right one
 */
async function fetchResumably(context, wanted, downloads) {
  const python = findPython(context)
  const script = fileURLToPath(new URL('fetch.py', import.meta.url))
  const label = labelOf(wanted)
  /** @type {import('./progress.mjs').Progress | undefined} */
  let progress
  /** @type {Extract<FetchLine, { said: 'done' | 'wrong' | 'broken' | 'unavailable' }> | undefined} */
  let outcome
  const { stderr } = await run(
    python.program,
    [...python.args, script, downloads, wanted.sha256 ?? '-', '--no-input', ...pipArguments(wanted, downloads)],
    {
      env: { ...context.env, PIP_REQUIRE_VIRTUALENV: '0' },
      onLine(text) {
        if (!text.startsWith('{')) return // a word of pip's own
        const line = /** @type {FetchLine} */ (JSON.parse(text))
        if (line.said === 'kept') context.say(`  fetching ${label}: going on from the ${megabytes(line.bytes)} that are there`)
        else if (line.said === 'afresh') context.say(`  fetching ${label}: from the start, since ${line.reason}`)
        else if (line.said === 'progress') {
          progress ??= createProgress(context.say, `fetching ${label}`, line.total ?? wanted.bytes ?? 1e9, megabytes)
          progress.update(line.done)
        } else outcome = line
      },
    },
  )
  if (outcome?.said === 'done') {
    progress?.end()
    return { name: outcome.name, sha256: outcome.sha256 }
  }
  if (outcome?.said === 'wrong') checkHash(outcome.name, outcome.expected, outcome.found)
  if (outcome?.said === 'broken') {
    throw new SetUpProblem(
      `Fetching ${outcome.name} stopped after ${megabytes(outcome.done)}: ${outcome.reason}.`,
      'Start again once the network holds: it goes on from there.',
    )
  }
  const reason = outcome?.said === 'unavailable' ? outcome.reason : (stderr.trim().split('\n').at(-1) ?? '')
  if (reason !== '') context.say(`  fetching ${label} with "pip download", which begins anew when interrupted (${reason})`)
  return null
}

/**
 * Lets pip fetch it: into a folder of its own first.
 * @param {import('./context.mjs').Context} context
 * @param {Wanted} wanted
 * @param {string} downloads
 * @returns {Promise<Fetched>}
 */
async function fetchWhole(context, wanted, downloads) {
  const partial = join(downloads, 'partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(join(partial, 'tmp'), { recursive: true })
  const name = await download(context, wanted, partial)
  const sha256 = await sha256File(join(partial, name))
  checkHash(name, wanted.sha256, sha256)
  await rename(join(partial, name), join(downloads, name))
  await rm(partial, { recursive: true, force: true })
  return { name, sha256 }
}

/** @param {Wanted} wanted */
const labelOf = (wanted) => wanted.requirement.replace(/[<>=].*/, '')

/**
 * What `pip download` is told, so that the same file is chosen on every machine.
 * @param {Wanted} wanted
 * @param {string} folder
 */
function pipArguments(wanted, folder) {
  return [
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
  ]
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
  const progress = createProgress(context.say, `fetching ${labelOf(wanted)}`, wanted.bytes ?? 1e9, megabytes)
  // pip writes to its temporary folder first: how much lies there is how far it is.
  const watch = wanted.bytes === undefined ? undefined : setInterval(() => void folderBytes(folder).then(progress.update), 500)
  const { code, stderr } = await run(pip.program, [...pip.args, 'download', ...pipArguments(wanted, folder)], {
    env: {
      ...context.env,
      PIP_REQUIRE_VIRTUALENV: '0',
      TMPDIR: join(folder, 'tmp'),
      TEMP: join(folder, 'tmp'),
      TMP: join(folder, 'tmp'),
    },
  })
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
export async function folderBytes(folder) {
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
