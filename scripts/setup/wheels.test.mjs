import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fakeProgram, temporaryContext } from './temporary.mjs'
import { tensorflowStep } from './tensorflow.mjs'
import { fetchWords, wheelsFor, WHEELS } from './wheels.mjs'

describe('the wheels for a machine', () => {
  it('are chosen by platform, and by WEIGHTSCAPE_DEVICE over what is seen', async () => {
    const { context } = await temporaryContext()
    expect(wheelsFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'cpu' } }).machine).toBe('linux-x64')
    expect(wheelsFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'gpu' } }).machine).toBe('linux-x64-gpu')
    expect(wheelsFor({ ...context, platform: 'darwin', arch: 'arm64' }).platforms).toEqual(['macosx_12_0_arm64'])
    expect(() => wheelsFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'tpu' } })).toThrow('WEIGHTSCAPE_DEVICE is "tpu"')
  })

  it('are told of before they are fetched, with a GPU that nobody sees', async () => {
    const { context } = await temporaryContext()
    const words = (/** @type {string} */ device) =>
      fetchWords({ ...context, env: { PATH: '/nowhere', WEIGHTSCAPE_DEVICE: device } }, 'a --hash=1\n# b\nc --hash=2\n')
    expect(words('cpu')).toEqual([expect.stringMatching(/linux-x64: 2 files, up to 1.2 GB of disk/)])
    expect(words('gpu')).toEqual([
      expect.stringMatching(/linux-x64-gpu: 2 files, up to 10.1 GB of disk/),
      expect.stringContaining('No NVIDIA GPU is seen here'),
    ])
  })

  it('are refused in a sentence where there are none', async () => {
    const { context } = await temporaryContext()
    expect(() => wheelsFor({ ...context, platform: 'win32' })).toThrow('Windows')
    expect(() => wheelsFor({ ...context, platform: 'darwin', arch: 'x64' })).toThrow('darwin-x64')
  })

  it.each(Object.keys(WHEELS))('on %s have a version and a hash each', async (machine) => {
    const text = await readFile(new URL(`wheels/${machine}.txt`, import.meta.url), 'utf8')
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(lines[0]).toMatch(/^tensorflow/)
    for (const line of lines) expect(line).toMatch(/^[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}$/)
  })

  it('have a folder each', () => {
    const wheels = Object.values(WHEELS)
    expect(new Set(wheels.map(({ key }) => key)).size).toBe(wheels.length)
  })
})

describe('fetching them', () => {
  it('is left to pip, which checks each hash; that it failed is said with a remedy', async () => {
    const { folder, context } = await temporaryContext()
    const calls = join(folder, 'calls')
    await writeFile(calls, '')
    await fakeProgram(join(folder, 'bin'), 'python3', `echo "$@" >> "${calls}"; exit 1`)
    const env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, WEIGHTSCAPE_DEVICE: 'cpu' }
    await expect(tensorflowStep.perform({ ...context, env })).rejects.toMatchObject({
      message: 'pip could not fetch native TensorFlow, for the reason that it gives above.',
      remedy: expect.stringContaining('PIP_FIND_LINKS'),
    })
    expect(await readFile(calls, 'utf8')).toMatch(/^-m pip download --require-hashes .*wheels\/linux-x64\.txt\n$/)
  })
})
