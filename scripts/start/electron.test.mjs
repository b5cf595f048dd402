import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createContext } from '../setup/context.mjs'
import { electronProgram, fetchElectron, hasDisplay } from './electron.mjs'

describe('a display', () => {
  it.each([
    ['linux', {}, 1000, false],
    ['linux', { DISPLAY: ':0' }, 1000, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000, true],
    ['linux', { DISPLAY: ':0' }, 0, false],
    ['darwin', {}, 501, true],
    ['darwin', { SSH_CONNECTION: '10.0.0.1 22' }, 501, false],
    ['win32', {}, undefined, true],
  ])('on %s with %o, user %s: %s', (platform, env, user, there) => {
    expect(hasDisplay({ env, platform: /** @type {NodeJS.Platform} */ (platform) }, user)).toBe(there)
  })
})

describe('Electron', () => {
  /** @type {string} */
  let root
  /** @type {string[]} */
  let said
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'electron-'))
    said = []
    await mkdir(join(root, 'node_modules', 'electron'), { recursive: true })
    await writeFile(join(root, 'node_modules', 'electron', 'package.json'), '{"version":"1.2.3"}')
  })
  afterEach(() => rm(root, { recursive: true }))
  const context = (env = {}) => createContext({ root, env, platform: 'linux', say: (line) => said.push(line) })

  it('is found where its package puts it, or where the person says', async () => {
    expect(electronProgram(context())).toBeNull()
    await mkdir(join(root, 'elsewhere'))
    await writeFile(join(root, 'elsewhere', 'electron'), '')
    expect(electronProgram(context({ ELECTRON_OVERRIDE_DIST_PATH: join(root, 'elsewhere') }))).toBe(join(root, 'elsewhere', 'electron'))
  })

  it('is fetched once, and not tried again in vain', async () => {
    let tries = 0
    const failing = async () => ({ code: 1, stdout: '', stderr: `try ${++tries}` })
    expect(await fetchElectron(context(), 'node', failing)).toBeNull()
    expect(await fetchElectron(context(), 'node', failing)).toBeNull()
    expect(tries).toBe(1)
    expect(said.join('\n')).toMatch(/browser instead/)
    await writeFile(join(root, 'node_modules', 'electron', 'package.json'), '{"version":"1.2.4"}')
    const dist = join(root, 'node_modules', 'electron', 'dist')
    const fetching = async () => {
      await mkdir(dist)
      await writeFile(join(dist, 'electron'), '')
      return { code: 0, stdout: '', stderr: '' }
    }
    expect(await fetchElectron(context(), 'node', fetching)).toBe(join(dist, 'electron'))
  })
})
