/** npm packages: installed when node_modules does not hold what the lockfile says. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, sha256, writeWhole } from './files.mjs'
import { findNpm } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { run } from './process.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} Locked
 * @typedef {Record<string, Locked>} LockedPackages by path, `node_modules/...`; '' is the project
 */

/** @param {Context} context */
const stampPath = (context) => join(context.root, 'node_modules', '.weightscape', 'packages.json')

/** @type {import('./setup.mjs').Step} */
export const packagesStep = {
  needs: ['npm'],

  async isDone(context) {
    const lockfile = await readFile(join(context.root, 'package-lock.json'), 'utf8')
    const wanted = { lockfile: sha256(lockfile), platform: context.platform, arch: context.arch }
    const stamp = /** @type {Partial<typeof wanted> | null} */ (await readJson(stampPath(context)))
    if (stamp?.lockfile === wanted.lockfile && stamp.platform === wanted.platform && stamp.arch === wanted.arch) return true
    // Someone ran npm by hand: npm keeps a list of what it installed, and no such list after a broken installation.
    const installed = await readJson(join(context.root, 'node_modules', '.package-lock.json'))
    if (installed === null || !sameLockedPackages(packagesOf(JSON.parse(lockfile)), packagesOf(installed))) return false
    await writeWhole(stampPath(context), JSON.stringify(wanted))
    return true
  },

  async perform(context) {
    context.say('  npm packages (half a minute, or what the network takes)')
    const [program, ...args] = findNpm(context)
    // npm hands its configuration down as npm_config_*; a --json or --silent meant for the outer call must not reach this one.
    const { code } = await run(
      program,
      [...args, 'ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
      {
        cwd: context.root,
        env: { ...context.env, npm_config_loglevel: 'error' },
        shown: true,
      },
    )
    if (code !== 0) {
      throw new SetUpProblem(
        'npm could not install the packages, for the reason that it gives above.',
        'Mend what npm names (often the network or the registry in your npm configuration) and start again.',
      )
    }
    if (!(await this.isDone(context))) {
      throw new SetUpProblem(
        'npm ended well but node_modules does not hold what package-lock.json says.',
        'Delete node_modules and start again; if it stays so, package.json and package-lock.json do not fit together.',
      )
    }
  },
}

/**
 * @param {unknown} lockfile
 * @returns {LockedPackages}
 */
function packagesOf(lockfile) {
  return /** @type {{ packages?: LockedPackages } | null} */ (lockfile)?.packages ?? {}
}

/**
 * Whether what is installed is what is locked; optional packages may be absent (they belong to other platforms).
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 */
export function sameLockedPackages(locked, installed) {
  for (const path of Object.keys(installed)) if (!(path in locked)) return false
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}
