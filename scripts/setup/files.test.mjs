import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changedFiles, sha256, writeWhole } from './files.mjs'
import { temporaryFolder } from './temporary.mjs'

describe('known files', () => {
  /** A folder with one known file. */
  async function known() {
    const folder = await temporaryFolder()
    const path = join(folder, 'a')
    await writeFile(path, 'hello')
    const { size, mtimeMs } = await stat(path)
    return { folder, path, files: [{ path: 'a', size, mtimeMs, sha256: sha256('hello') }] }
  }

  it('are unchanged by size and time, without being read', async () => {
    const { folder, path, files } = await known()
    const { atime, mtime } = await stat(path)
    await writeFile(path, 'jello')
    await utimes(path, atime, mtime)
    const stamped = [{ ...files[0], mtimeMs: (await stat(path)).mtimeMs }]
    expect(await changedFiles(folder, stamped, false)).toEqual([])
    expect(await changedFiles(folder, stamped, true)).toEqual(['a'])
  })

  it('are unchanged at another time if their contents are', async () => {
    const { folder, path, files } = await known()
    await utimes(path, new Date(), new Date(0))
    expect(await changedFiles(folder, files, false)).toEqual([])
    await writeFile(path, 'jello')
    await utimes(path, new Date(), new Date(0))
    expect(await changedFiles(folder, files, false)).toEqual(['a'])
  })

  it('are changed when cut short or gone', async () => {
    const { folder, path, files } = await known()
    await writeFile(path, 'hell')
    expect(await changedFiles(folder, files, false)).toEqual(['a'])
    expect(await changedFiles(join(folder, 'nowhere'), files, false)).toEqual(['a'])
  })
})

describe('writing whole', () => {
  it('leaves no part behind where it cannot be done', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true })
    await expect(writeWhole(join(folder, 'taken'), 'x')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['taken'])
  })
})
