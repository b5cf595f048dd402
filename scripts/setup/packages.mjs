/** npm packages: installed when node_modules does not hold what the lockfile says. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, sha256, writeWhole } from './files.mjs'
import { findNpm } from './prerequisites.mjs'
import { SetUpProblem } from './problem.mjs'
import { createProgress } from './progress.mjs'

/**
 * @typedef {import('./context.mjs').Context} Context
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, os?: string[], cpu?: string[] }} Locked
 * @typedef {Record<string, Locked>} LockedPackages by path, `node_modules/...`; '' is the project
 */

/** @param {Context} context */
const stampPath = (context) => join(context.root, 'node_modules', '.weightscape', 'packages.json')

/** @type {import('./setup.mjs').Step} */
export const packagesStep = {
  name: 'npm packages',
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
    const { program, args } = findNpm(context)
    const locked = packagesOf(await readJson(join(context.root, 'package-lock.json')))
    const paths = Object.keys(locked).filter((path) => path !== '' && isForMachine(locked[path], context))
    const progress = createProgress(context.say, 'npm packages', paths.length, String)
    const count = setInterval(
      () => progress.update(paths.filter((path) => existsSync(join(context.root, path, 'package.json'))).length),
      1000,
    )
    const { code, text } = await runNpm(
      program,
      [...args, 'ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--progress=false'],
      context,
    )
    clearInterval(count)
    if (code !== 0) {
      throw new SetUpProblem(
        `npm could not install the packages:\n${whatNpmMeans(text)}\n`,
        'Mend what npm names above (often the network or the registry in your npm configuration) and start again.',
      )
    }
    progress.end()
    if (!(await this.isDone(context))) {
      throw new SetUpProblem(
        'npm ended well but node_modules does not hold what package-lock.json says.',
        'Delete node_modules and start again; if it stays so, package.json and package-lock.json do not fit together.',
      )
    }
  },
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {Context} context
 * @returns {Promise<{ code: number, text: string }>}
 */
function runNpm(program, args, context) {
  return new Promise((resolve) => {
    // npm hands its configuration down as npm_config_*; a --json or --silent meant for the outer call must not reach this one.
    const child = spawn(program, args, {
      cwd: context.root,
      env: { ...context.env, npm_config_loglevel: 'warn' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (/** @type {string} */ part) => (text += part))
    child.on('error', (error) => resolve({ code: 127, text: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 128, text }))
  })
}

/**
 * @param {Locked} locked
 * @param {Context} context
 */
function isForMachine({ os, cpu }, { platform, arch }) {
  return (os === undefined || os.includes(platform)) && (cpu === undefined || cpu.includes(arch))
}

/**
 * npm's errors without its warnings, its usage and the path of its log.
 * @param {string} text
 */
function whatNpmMeans(text) {
  const errors = text.split('\n').filter((line) => /^npm (error|ERR!) ?\S/.test(line))
  const usage = errors.findIndex((line) => /Clean install a project|Usage:|A complete log/.test(line))
  return (errors.length === 0 ? text.trim().split('\n') : errors.slice(0, usage < 0 ? undefined : usage)).slice(0, 20).join('\n')
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
