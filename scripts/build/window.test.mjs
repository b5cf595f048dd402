import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createContext } from '../setup/context.mjs'
import { precompress } from './precompress.mjs'
import { buildWindow } from './window.mjs'

/** @type {string} */
let root
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'window-'))
  for (const folder of ['src/renderer', 'scripts/build']) await mkdir(join(root, folder), { recursive: true })
  for (const file of ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'src/renderer/main.ts', 'src/renderer/a.test.ts']) {
    await writeFile(join(root, file), file)
  }
})
afterEach(() => rm(root, { recursive: true }))

/** @param {number} [code] */
function builder(code = 0) {
  const build = async () => {
    build.times++
    if (code === 0) {
      await mkdir(join(root, 'out', 'renderer'), { recursive: true })
      await writeFile(join(root, 'out', 'renderer', 'index.html'), 'built')
    }
    return { code, stdout: '', stderr: 'main.ts: Unexpected token' }
  }
  build.times = 0
  return build
}

describe('the window', () => {
  const context = () => createContext({ root, say: () => {} })

  it('is built once for its sources, and again when one changes', async () => {
    const build = builder()
    expect(await buildWindow(context(), 'node', build)).toBe(true)
    expect(await buildWindow(context(), 'node', build)).toBe(false)
    await writeFile(join(root, 'src/renderer/a.test.ts'), 'tests are not part of it')
    expect(await buildWindow(context(), 'node', build)).toBe(false)
    await writeFile(join(root, 'src/renderer/main.ts'), 'changed')
    expect(await buildWindow(context(), 'node', build)).toBe(true)
    await rm(join(root, 'out/renderer/index.html'))
    expect(await buildWindow(context(), 'node', build)).toBe(true)
    expect(build.times).toBe(3)
  })

  it('that two want at a time is built by one of them', async () => {
    const build = builder()
    const built = await Promise.all([buildWindow(context(), 'node', build), buildWindow(context(), 'node', build)])
    expect(built.toSorted()).toEqual([false, true])
    expect(build.times).toBe(1)
  })

  it('that cannot be built says why, and is tried again', async () => {
    await expect(buildWindow(context(), 'node', builder(1))).rejects.toThrow(/Unexpected token/)
    expect(await buildWindow(context(), 'node', builder())).toBe(true)
  })
})

it('compresses what gains from it, and leaves the rest', async () => {
  const text = 'export const a = 1\n'.repeat(200)
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'assets', 'a.js'), text)
  await writeFile(join(root, 'assets', 'small.js'), 'a')
  await writeFile(join(root, 'assets', 'font.woff2'), text)
  await precompress(root)
  expect(brotliDecompressSync(await readFile(join(root, 'assets', 'a.js.br'))).toString()).toBe(text)
  expect(gunzipSync(await readFile(join(root, 'assets', 'a.js.gz'))).toString()).toBe(text)
  for (const name of ['small.js.br', 'font.woff2.gz']) await expect(readFile(join(root, 'assets', name))).rejects.toThrow(/ENOENT/)
})
