import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { SetUpProblem } from '../setup/problem.mjs'
import { fakeProgram, temporaryFolder } from '../setup/temporary.mjs'
import { findChromium, readyChromium } from './chromium.mjs'
import { runEndToEnd } from './run-check.mjs'

const project = fileURLToPath(new URL('../..', import.meta.url))

// Playwright asks for its folder once, when it is loaded; this machine's own must not be found here.
const cache = mkdtempSync(join(tmpdir(), 'chromium-'))
process.env['PLAYWRIGHT_BROWSERS_PATH'] = cache
afterAll(() => rmSync(cache, { recursive: true, force: true }))
const { chromium } = /** @type {typeof import('playwright')} */ (createRequire(import.meta.url)('playwright'))

/** A machine whose PATH is one folder, and a project whose Playwright is a script. @param {(root: string) => string} playwright for sh */
async function machine(playwright = () => 'exit 1') {
  const root = await temporaryFolder()
  const bin = join(root, 'bin')
  await fakeProgram(bin, 'sh', 'exec /bin/sh "$@"')
  await fakeProgram(join(root, 'spare'), 'chromium', 'exit 0')
  await fakeProgram(join(root, 'node_modules/.bin'), 'playwright', `echo playwright "$@" >> ${root}/asked\n${playwright(root)}`)
  /** @type {string[]} */
  const said = []
  const asked = () => readFile(join(root, 'asked'), 'utf8').then((text) => text.trim().split('\n'))
  return { root, bin, env: { PATH: bin }, said, asked, say: (/** @type {string} */ line) => void said.push(line) }
}

/** @param {string} root as Debian's package manager, which knows a Chromium or not */
const aptGet = (root, knows = true) =>
  `echo apt-get "$@" >> ${root}/asked\n[ "$2" = update ] && exit 0\n${knows ? `/bin/cp ${root}/spare/chromium ${root}/bin/chromium` : 'echo E: Unable to locate package chromium >&2; exit 100'}`

const theirs = chromium.executablePath()
/** sh: what Playwright's installation leaves in its folder. @param {string} root */
const downloads = (root) => `/bin/mkdir -p '${dirname(theirs)}' && /bin/cp ${root}/spare/chromium '${theirs}'`

const install = 'install chromium --no-shell'

// Elsewhere a browser of the system is found by its usual place, whatever the PATH is.
describe.skipIf(process.platform !== 'linux')('a Chromium', () => {
  it('is what WEIGHTSCAPE_CHROMIUM names, and nothing else where that is not there', async () => {
    const { bin, env, root } = await machine()
    await fakeProgram(bin, 'chromium', 'exit 0')
    const named = join(root, 'spare/chromium')
    expect(findChromium({ ...env, WEIGHTSCAPE_CHROMIUM: named })).toBe(named)
    expect(findChromium({ ...env, WEIGHTSCAPE_CHROMIUM: '' })).toBe(join(bin, 'chromium'))
    expect(() => findChromium({ ...env, WEIGHTSCAPE_CHROMIUM: '/no/such' })).toThrow(
      new SetUpProblem('WEIGHTSCAPE_CHROMIUM names /no/such, which is not there.', 'Name a Chromium or Chrome, or leave it out.'),
    )
  })

  it("is the one that Playwright has downloaded, before the machine's own", async () => {
    const { bin, env } = await machine()
    expect(findChromium(env)).toBeNull()
    await fakeProgram(bin, 'google-chrome', 'exit 0')
    expect(findChromium(env)).toBe(join(bin, 'google-chrome'))
    onTestFinished(() => rm(cache, { recursive: true, force: true }))
    await mkdir(dirname(theirs), { recursive: true })
    await writeFile(theirs, '')
    expect(theirs.startsWith(cache)).toBe(true)
    expect(findChromium(env)).toBe(theirs)
  })

  it('that is there is taken, and nothing brought', async () => {
    const { root, bin, env, say, said, asked } = await machine()
    await fakeProgram(bin, 'chromium', 'exit 0')
    expect(await readyChromium(root, env, { say, uid: 0 })).toBe(join(bin, 'chromium'))
    expect(said).toEqual([])
    await expect(asked()).rejects.toThrow('ENOENT')
  })

  it('comes as a package for root where there is apt-get', async () => {
    const { root, bin, env, say, asked } = await machine()
    await fakeProgram(bin, 'apt-get', aptGet(root))
    expect(await readyChromium(root, env, { say, uid: 0 })).toBe(join(bin, 'chromium'))
    expect(await asked()).toEqual(['apt-get -qq update', 'apt-get -qq install -y --no-install-recommends chromium'])
  })

  it("comes as Playwright's download for anybody else, and where there is no such package", async () => {
    onTestFinished(() => rm(cache, { recursive: true, force: true }))
    const person = await machine(downloads)
    await fakeProgram(person.bin, 'apt-get', aptGet(person.root))
    expect(await readyChromium(person.root, person.env, { say: person.say, uid: 1000 })).toBe(theirs)
    expect(await person.asked()).toEqual([`playwright ${install}`])

    await rm(cache, { recursive: true, force: true })
    const root = await machine(downloads)
    await fakeProgram(root.bin, 'apt-get', aptGet(root.root, false))
    expect(await readyChromium(root.root, root.env, { say: root.say, uid: 0 })).toBe(theirs)
    expect((await root.asked()).at(-1)).toBe(`playwright ${install} --with-deps`)
    expect(root.said.join('\n')).toContain('Unable to locate package chromium')
  })

  it('that does not start is none, and it is said why', async () => {
    const { root, bin, env, say, said } = await machine()
    await fakeProgram(bin, 'chromium', 'echo libnss3.so: cannot open >&2; exit 127')
    expect(await readyChromium(root, env, { say, uid: 1000 })).toBeNull()
    expect(said).toEqual([`${join(bin, 'chromium')} does not start: libnss3.so: cannot open`])
  })
})

describe.skipIf(process.platform !== 'linux')('end-to-end tests', () => {
  it('that no browser can run are counted, each', async () => {
    const { root, env } = await machine(
      () => `[ "$1" = install ] && exit 1\ncd ${project}\nPATH=$REST exec ${project}node_modules/.bin/playwright "$@"`,
    )
    const specs = ['start.spec', 'trash.spec']
    const counts = await runEndToEnd(specs, root, { ...env, REST: process.env['PATH'] }, join(root, 'report.json'))
    const sources = await Promise.all(specs.map((name) => readFile(join(project, `e2e/${name}.ts`), 'utf8')))
    expect(counts).toEqual({ passed: 0, failed: 0, skipped: sources.join('').match(/^test\(/gm)?.length })
  }, 60_000)

  it('fail where the browser that is named is not there', async () => {
    const { root, env } = await machine()
    const counts = await runEndToEnd([], root, { ...env, WEIGHTSCAPE_CHROMIUM: '/no/such' }, join(root, 'report.json'))
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
