/** A Chromium that the end-to-end tests can drive: found, or brought. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, delimiter, join } from 'node:path'
import { SetUpProblem } from '../setup/problem.mjs'
import { findProgram, run } from '../setup/process.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * Where Playwright puts the one that it downloads. Loaded when asked, since set-up may have to bring Playwright first.
 * @returns {string}
 */
function playwrightsOwn() {
  const { chromium } = /** @type {typeof import('playwright')} */ (createRequire(import.meta.url)('playwright'))
  return chromium.executablePath()
}

/**
 * The one that Playwright has downloaded for this version of it, else one of the machine.
 * @param {NodeJS.ProcessEnv} env `WEIGHTSCAPE_CHROMIUM` names one before all others
 * @returns {string | null}
 * @throws {SetUpProblem} where that names nothing
 */
export function findChromium(env = process.env) {
  const named = env['WEIGHTSCAPE_CHROMIUM']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new SetUpProblem(`WEIGHTSCAPE_CHROMIUM names ${named}, which is not there.`, 'Name a Chromium or Chrome, or leave it out.')
  }
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name + suffix)))
  return [playwrightsOwn(), ...onPath, ...elsewhere].find((path) => existsSync(path)) ?? null
}

/**
 * One that starts: of this machine, or brought to it. As root on Debian its package comes, which has all that it needs;
 * else Playwright's own download, into the person's cache.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {{ say: (line: string) => void, uid?: number | undefined }} options uid: whose process this is
 * @returns {Promise<string | null>} null where there is none, and why has been said
 * @throws {SetUpProblem} where `WEIGHTSCAPE_CHROMIUM` names nothing
 */
export async function readyChromium(root, env, { say, uid = process.getuid?.() }) {
  const asRoot = uid === 0
  const playwright = join(root, 'node_modules', '.bin', 'playwright')
  const debian = ['apt-get', '-qq', 'install', '-y', '--no-install-recommends', 'chromium']
  const download = [playwright, 'install', 'chromium', '--no-shell', ...(asRoot ? ['--with-deps'] : [])]
  const ways = [...(asRoot && findProgram(['apt-get'], env) !== null ? [[['apt-get', '-qq', 'update'], debian]] : []), [download]]
  for (const commands of ways) {
    if (findChromium(env) !== null) break
    for (const [program, ...args] of commands) {
      say(`For the end-to-end tests: ${[basename(program), ...args].join(' ')}`)
      const { code, stdout, stderr } = await run(program, args, { cwd: root, env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } })
      const words = (stderr.trim() || stdout.trim()).split('\n').filter((line) => !/^\s+at /.test(line))
      if (code !== 0) say(words.slice(-2).join('\n'))
    }
  }
  const found = findChromium(env)
  // Windows has no such question to ask of it.
  if (found === null || process.platform === 'win32') return found
  const { code, stderr } = await run(found, ['--version', '--no-sandbox'], { env })
  if (code === 0) return found
  say(`${found} does not start: ${stderr.trim()}`)
  return null
}
