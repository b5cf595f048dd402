/** Electron's program: whether it is there and can be used here, and how it is fetched where not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson, writeWhole } from '../setup/files.mjs'
import { run } from '../setup/process.mjs'

/** @typedef {import('../setup/context.mjs').Context} Context */

/**
 * Whether windows can be shown: a session with a screen, and not that of a superuser, for whom Electron
 * has no sandbox on Linux.
 * @param {Pick<Context, 'env' | 'platform'>} context
 * @param {number} [user]
 */
export function hasDisplay({ env, platform }, user = process.getuid?.()) {
  if (platform === 'win32') return true
  if (platform === 'darwin') return !env['SSH_CONNECTION']
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']) && user !== 0
}

/**
 * Path of Electron's program, or null where it is not there.
 * @param {Pick<Context, 'root' | 'env' | 'platform'>} context
 */
export function electronProgram({ root, env, platform }) {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const name = /** @type {Partial<Record<NodeJS.Platform, string>>} */ (names)[platform] ?? 'electron'
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules', 'electron', 'dist')
  const path = join(folder, name)
  return existsSync(path) ? path : null
}

/**
 * Fetches Electron's program with its package's own script, once a version: where that fails the app
 * runs in a browser, and does not try again each time.
 * @param {Context} context
 * @param {string} node
 * @param {(program: string, args: string[]) => ReturnType<typeof run>} [start] given by tests
 * @returns {Promise<string | null>} its path; null: it cannot be had
 */
export async function fetchElectron(context, node, start = (program, args) => run(program, args, { env: context.env })) {
  const folder = join(context.root, 'node_modules', 'electron')
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  const note = join(context.root, 'node_modules', '.weightscape', 'electron.json')
  const tried = /** @type {{ failed?: string } | null} */ (await readJson(note))
  if (tried?.failed === version) return null
  context.say('Fetching Electron for the window (once, some 110 MB):')
  const { code } = await start(node, [join(folder, 'install.js')])
  const program = code === 0 ? electronProgram(context) : null
  if (program === null) {
    await writeWhole(note, JSON.stringify({ failed: version }))
    context.say(`Electron cannot be had here: the lab opens in a browser instead. To try again, delete ${note}`)
  }
  return program
}
