import { spawnSync } from 'node:child_process'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkNode, missingPrerequisites } from './prerequisites.mjs'
import { fakeProgram, temporaryContext, temporaryFolder } from './temporary.mjs'

/** @type {import('./prerequisites.mjs').Need[]} */
const ALL = ['npm', 'pip', 'compiler']

/**
 * What is missing where these programs are all there is.
 * @param {Record<string, string>} programs name to shell script
 * @param {NodeJS.Platform} [platform]
 */
async function missing(programs, platform = 'linux') {
  const { folder, context } = await temporaryContext()
  const path = join(folder, 'bin')
  await mkdir(path)
  for (const [name, script] of Object.entries(programs)) await fakeProgram(path, name, script)
  const problems = await missingPrerequisites(ALL, { ...context, platform, env: { PATH: path } })
  return problems.map((problem) => `${problem.message} ${problem.remedy}`)
}

describe('prerequisites', () => {
  it('are all named at once, a sentence each with its remedy', async () => {
    const sentences = await missing({})
    expect(sentences).toHaveLength(3)
    expect(sentences[0]).toMatch(/^npm is missing.*(apt install npm|Install npm)/)
    expect(sentences[1]).toMatch(/^Python 3 is missing.*(apt install python3 python3-pip|Install Python 3 with pip)/)
    expect(sentences[2]).toMatch(/^A C\+\+ compiler is missing.*(apt install g\+\+|Install g\+\+)/)
    for (const sentence of sentences) expect(sentence).not.toContain('\n')
  })

  it('are told apart by platform', async () => {
    const sentences = await missing({}, 'darwin')
    expect(sentences[0]).toContain('brew install node')
    expect(sentences[2]).toContain('xcode-select --install')
  })

  it('are met by npm, Python with a new enough pip, and either compiler', async () => {
    for (const compiler of ['g++', 'clang++']) {
      expect(await missing({ npm: ':', python3: 'echo "pip 23.0.1 from somewhere (python 3.11)"', [compiler]: ':' })).toEqual([])
    }
  })

  it('want pip, not Python alone, and one that knows the wheels', async () => {
    const rest = { npm: ':', 'g++': ':' }
    expect(await missing({ ...rest, python3: 'echo "No module named pip" >&2; exit 1' })).toEqual([
      expect.stringMatching(/^pip is missing/),
    ])
    expect(await missing({ ...rest, python3: 'echo "pip 18.1 from somewhere (python 3.6)"' })).toEqual([
      expect.stringMatching(/^pip 18\.1 .* is too old/),
    ])
  })

  it('want Node 20', () => {
    expect(() => checkNode('18.19.0')).toThrow('Node 18.19.0 is too old')
    expect(() => checkNode('20.0.0')).not.toThrow()
  })
})

describe('a fresh clone on a bare machine', () => {
  it.each(['start', 'test', 'lab', 'bench', 'setup'])('npm %s says what is missing and ends with 1', async (script) => {
    const folder = await temporaryFolder()
    const root = fileURLToPath(new URL('../..', import.meta.url))
    for (const name of ['scripts', 'package.json', 'package-lock.json']) await cp(join(root, name), join(folder, name), { recursive: true })
    const empty = join(folder, 'bin')
    await mkdir(empty)
    const args = script === 'lab' ? ['runs', '--json'] : []
    const ended = spawnSync(process.execPath, [join(folder, 'scripts', `${script}.mjs`), ...args], {
      env: { PATH: empty, WEIGHTSCAPE_CACHE: join(folder, 'cache') },
      encoding: 'utf8',
    })
    expect(ended.status).toBe(1)
    expect(ended.stderr.trim().split('\n')).toHaveLength(3)
    const stdout = ended.stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => /** @type {unknown} */ (JSON.parse(line)))
    expect(stdout).toHaveLength(script === 'lab' ? 3 : 0)
    for (const line of stdout) expect(line).toMatchObject({ event: 'error', code: 'set-up' })
  })
})
