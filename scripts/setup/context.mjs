/** Where things are: the project, the per-user cache, and the machine set-up runs on. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Context
 * @property {string} root the project's folder
 * @property {string} cache the per-user cache folder, shared by all clones
 * @property {NodeJS.ProcessEnv} env
 * @property {NodeJS.Platform} platform
 * @property {string} arch
 * @property {boolean} verify check every file by its SHA-256 instead of by size and time
 * @property {(line: string) => void} say tells the person; never stdout, which belongs to the command that follows
 */

/**
 * The per-user cache: WEIGHTSCAPE_CACHE, or the place the platform has for such things.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {string} [home]
 */
export function cacheFolder(env, platform, home = homedir()) {
  if (env['WEIGHTSCAPE_CACHE']) return env['WEIGHTSCAPE_CACHE']
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'weightscape')
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'weightscape')
}

/**
 * The context of this process.
 * @param {Partial<Context>} [overrides]
 * @returns {Context}
 */
export function createContext(overrides = {}) {
  return {
    root: fileURLToPath(new URL('../../', import.meta.url)).replace(/[/]$/, ''),
    cache: cacheFolder(process.env, process.platform),
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    verify: false,
    say: (line) => process.stderr.write(`${line}\n`),
    ...overrides,
  }
}
