import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readOrMakeKey } from './key-file.ts'

it.skipIf(process.platform === 'win32')('the key stays, for its owner alone, and is made anew where it is not whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'key-'))
  const path = join(folder, 'door.key')
  const rights = async () => ((await stat(path)).mode & 0o777).toString(8)
  const key = await readOrMakeKey(folder)
  expect([key.length, await rights()]).toEqual([32, '600'])
  await chmod(path, 0o644)
  expect([await readOrMakeKey(folder), await rights()]).toEqual([key, '600'])
  await writeFile(path, key.subarray(0, 31))
  const next = await readOrMakeKey(folder)
  expect([next.length, next.equals(key), await rights()]).toEqual([32, false, '600'])
  await rm(folder, { recursive: true })
})
