/** What is acknowledged is on the disk: bytes before their name, the name before its folder, the folder before the row. */
import type * as fs from 'node:fs'
import type * as fsPromises from 'node:fs/promises'
import { basename } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

const log = vi.hoisted(() => ({ lines: [] as string[], failing: '' }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  const paths = new Map<number, string>()
  return {
    ...real,
    openSync(path: string, ...rest: [flags: string, mode?: number]) {
      const handle = real.openSync(path, ...rest)
      paths.set(handle, path)
      return handle
    },
    fsyncSync(handle: number) {
      log.lines.push(`sync folder ${basename(paths.get(handle) ?? '?')}`)
      real.fsyncSync(handle)
    },
  }
})

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fsPromises>()
  const nameOf = (path: string) => basename(path).replace(/\.\d+-\d+\.part$/, '.part')
  return {
    ...real,
    async open(path: string, ...rest: [flags: string, mode?: number]) {
      const handle = await real.open(path, ...rest)
      const told =
        (what: 'write' | 'sync', method: (...args: never[]) => unknown) =>
        (...args: never[]) => {
          log.lines.push(`${what} ${nameOf(path)}`)
          if (log.failing === what) throw Object.assign(new Error('full'), { code: 'EIO' })
          return method.apply(handle, args)
        }
      return Object.assign(handle, { write: told('write', handle.write), sync: told('sync', handle.sync) })
    },
    rename(from: string, to: string) {
      log.lines.push(`rename ${nameOf(from)} to ${basename(to)}`)
      return real.rename(from, to)
    },
  }
})

const insertion = 'keep a checkpoint'

/** What a checkpoint's saving does, in order, each once; the row by its statement's name. */
async function saving(failing = ''): Promise<string[]> {
  return inFolder(async (folder) => {
    const store = openStore(folder, { slowMs: -1, onSlowQuery: (name) => name === insertion && log.lines.push('row') })
    try {
      const { id } = await sampleRun(store)
      Object.assign(log, { lines: [], failing })
      await store.checkpoints.save(id, sampleState(3), 'periodic')
      return log.lines.filter((line, i) => line !== log.lines[i - 1])
    } finally {
      log.failing = ''
      store.close()
    }
  })
}

test('a checkpoint is written, synced, renamed, its folder synced, and then its row added', async () => {
  const lines = await saving()
  const from = lines.findIndex((line) => line.startsWith('write'))
  const name = /^write \.(.+)\.part$/.exec(lines[from])?.[1] ?? '?'
  expect(name).toMatch(/^\w.*\.safetensors$/)
  expect(lines.slice(from, from + 5)).toEqual([
    `write .${name}.part`,
    `sync .${name}.part`,
    `rename .${name}.part to ${name}`,
    'sync folder checkpoints',
    'row',
  ])
})

test.each(['write', 'sync'])('where the disk refuses to %s, there is neither name nor row', async (what) => {
  await expect(saving(what)).rejects.toMatchObject({ code: 'disk' })
  expect(log.lines.filter((line) => /^(rename|row)/.test(line))).toEqual([])
})
