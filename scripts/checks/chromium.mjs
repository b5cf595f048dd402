/** Where a Chromium is that the end-to-end tests can drive. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge']
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * @param {NodeJS.ProcessEnv} env `WEIGHTSCAPE_CHROMIUM` names one before all others
 * @returns {string | null}
 */
export function findChromium(env = process.env) {
  const named = env['WEIGHTSCAPE_CHROMIUM']
  if (named !== undefined && named !== '') return existsSync(named) ? named : null
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const onPath = (env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name + suffix)))
  return [...onPath, ...elsewhere].find((path) => existsSync(path)) ?? null
}
