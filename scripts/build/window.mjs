/** The window's code: built when its sources differ from those that it was last built from. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readJson, sha256, writeWhole } from '../setup/files.mjs'
import { withLock } from '../setup/lock.mjs'
import { run } from '../setup/process.mjs'
import { orExit, SetUpProblem } from '../setup/problem.mjs'

/** What the build reads, beside the packages that the lockfile names. */
const sources = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json', 'scripts/build']
const unread = /[.]test[.]m?ts$|(^|\/)testing\//

/**
 * A hash of every file that the build may read.
 * @param {string} root the project's folder
 */
export async function sourcesHash(root) {
  const hash = createHash('sha256')
  for (const path of (await Promise.all(sources.map((source) => filesOf(join(root, source))))).flat().sort()) {
    const name = relative(root, path).split(sep).join('/')
    if (!unread.test(name)) hash.update(`${name}\0${sha256(await readFile(path))}`)
  }
  return hash.digest('hex')
}

/**
 * Builds the window's code into `out/` unless what is there was built from these very sources.
 * @param {import('../setup/context.mjs').Context} context
 * @param {string} node a Node 24
 * @param {(args: string[]) => ReturnType<typeof run>} [build] runs the bundler; given by tests
 * @returns {Promise<boolean>} whether it was built
 * @throws {SetUpProblem}
 */
export async function buildWindow(context, node, build = (args) => run(node, args, { cwd: context.root })) {
  const stamp = join(context.root, 'out', 'built-from.json')
  const isBuilt = async () =>
    existsSync(join(context.root, 'out', 'renderer', 'index.html')) &&
    /** @type {{ sources?: string } | null} */ (await readJson(stamp))?.sources === (await sourcesHash(context.root))
  if (await isBuilt()) return false
  await mkdir(join(context.root, 'out'), { recursive: true })
  return withLock(join(context.root, 'out', '.build.lock'), context.say, async () => {
    if (await isBuilt()) return false
    context.say('Building the window (some ten seconds, once):')
    const hash = await sourcesHash(context.root)
    await rm(stamp, { force: true })
    const tool = join(context.root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const { code, stdout, stderr } = await build([tool, 'build', '--logLevel', 'error'])
    if (code !== 0) {
      throw new SetUpProblem(
        `The window's code could not be built:\n${(stderr || stdout).trim()}\n`,
        'Mend what is named above, and start again.',
      )
    }
    await writeWhole(stamp, JSON.stringify({ sources: hash }))
    return true
  })
}

/**
 * For a script's entry: where it cannot be built, that is said, and the process ends with 1.
 * @param {import('../setup/context.mjs').Context} context
 * @param {string} node
 * @param {boolean} json say it on stdout too, as the command line would
 */
export const buildWindowOrExit = (context, node, json) => orExit(() => buildWindow(context, node), json)

/**
 * @param {string} path of a file or a folder
 * @returns {Promise<string[]>} the files under it
 */
async function filesOf(path) {
  if ((await stat(path)).isFile()) return [path]
  return (await Promise.all((await readdir(path)).map((name) => filesOf(join(path, name))))).flat()
}
