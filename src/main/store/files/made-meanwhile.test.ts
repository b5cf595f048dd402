/** Folders that another process makes at the same moment. */
import type * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { inFolder } from '../testing/samples.ts'
import { makeFolders } from './folders.ts'

const other = vi.hoisted(() => ({ makes: (_path: string): void => undefined }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    mkdirSync(path: string, ...rest: [fs.MakeDirectoryOptions?]) {
      other.makes(path)
      return real.mkdirSync(path, ...rest)
    },
  }
})

test('a folder that is there by then is taken; what is none is refused', () =>
  inFolder(async (folder) => {
    const { existsSync, mkdirSync, writeFileSync } = await vi.importActual<typeof fs>('node:fs')
    const path = join(folder, 'data', 'backups')
    other.makes = (each) => mkdirSync(each, 0o700)
    makeFolders(path)
    expect(existsSync(path)).toBe(true)
    other.makes = (each) => writeFileSync(each, '')
    expect(() => makeFolders(join(folder, 'file', 'deep'))).toThrow(/EEXIST/)
  }))
