import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packagesStep, sameLockedPackages } from './packages.mjs'
import { temporaryContext } from './temporary.mjs'

const locked = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' },
  'node_modules/for-another-machine': { version: '2.0.0', integrity: 'sha512-b', optional: true },
}
const { 'node_modules/a': a } = locked

describe('installed packages', () => {
  it('are what is locked, without those for other machines', () => {
    expect(sameLockedPackages(locked, { 'node_modules/a': a })).toBe(true)
  })

  it('are not what is locked when one is missing, other or too many', () => {
    expect(sameLockedPackages(locked, {})).toBe(false)
    expect(sameLockedPackages(locked, { 'node_modules/a': { ...a, version: '1.2.4' } })).toBe(false)
    expect(sameLockedPackages(locked, { 'node_modules/a': { ...a, integrity: 'sha512-z' } })).toBe(false)
    expect(sameLockedPackages(locked, { 'node_modules/a': a, 'node_modules/b': a })).toBe(false)
  })

  it('are known by a stamp until the lockfile changes', async () => {
    const { context } = await temporaryContext()
    const write = (/** @type {string} */ name, /** @type {unknown} */ value) => writeFile(join(context.root, name), JSON.stringify(value))
    await mkdir(join(context.root, 'node_modules'), { recursive: true })
    await write('package-lock.json', { packages: locked })
    expect(await packagesStep.isDone(context)).toBe(false)
    await write('node_modules/.package-lock.json', { packages: { 'node_modules/a': a } })
    expect(await packagesStep.isDone(context)).toBe(true)
    await write('node_modules/.package-lock.json', 'no longer looked at, since the stamp stands')
    expect(await packagesStep.isDone(context)).toBe(true)
    expect(await packagesStep.isDone({ ...context, arch: 'arm64' })).toBe(false)
    await write('package-lock.json', { packages: { ...locked, 'node_modules/b': a } })
    expect(await packagesStep.isDone(context)).toBe(false)
  })
})
