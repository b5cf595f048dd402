import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { databaseName } from '../files/folders.ts'
import { openStore } from '../open-store.ts'
import { startChild } from '../testing/child.ts'
import { inFolder, sampleRun } from '../testing/samples.ts'

function refusal(folder: string): LabError {
  try {
    openStore(folder, { lockWaitMs: 50 }).close()
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('It was opened although another process holds it.')
}

test('the second process is told who holds the folder, and gets it the moment that one is killed', () =>
  inFolder(async (folder) => {
    const rounds = 5
    for (let round = 0; round < rounds; round++) {
      const holder = startChild('./holder.ts', [folder])
      expect(await holder.line()).toBe('open 0')
      const error = refusal(folder)
      expect(error.code).toBe('conflict')
      expect(error.message).toContain(`process ${holder.pid} on `)
      expect(error.message).toContain('holder of the test')
      await holder.kill()
      openStore(folder).close()
    }
    process.stdout.write(`lock: ${rounds} of ${rounds} killed holders left no stale lock\n`)
  }))

test('reading goes on beside a writer, and sees what it has committed', () =>
  inFolder(async (folder) => {
    const writer = openStore(folder)
    const run = await sampleRun(writer)
    const reader = openStore(folder, { readOnly: true })
    expect(reader.runs.list().map(({ id, state }) => [id, state])).toEqual([[run.id, 'training']])
    writer.runs.move(run.id, 'finished', { step: 7 })
    expect(reader.runs.get(run.id)).toMatchObject({ state: 'finished', step: 7 })
    expect(() => reader.runs.edit(run.id, { note: 'x' })).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    await expect(reader.checkpoints.save(run.id, { step: 1, arrays: {} }, 'paused')).rejects.toThrow(LabError)
    reader.close()
    writer.close()
  }))

test('within one process too there is one writer', () =>
  inFolder((folder) => {
    const first = openStore(folder, { command: 'the first' })
    expect(refusal(folder).message).toContain('the first')
    first.close()
    first.close()
    openStore(folder).close()
  }))

test('a run that was training when its process died is interrupted: shown so when reading, and made so when opening', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const run = await sampleRun(store)
    store.close() // without having moved the run on, as a killed process would not have
    const reader = openStore(folder, { readOnly: true })
    expect(reader.runs.get(run.id).state).toBe('interrupted')
    reader.close()
    const again = openStore(folder)
    expect(again.opening.interrupted).toEqual([run.id])
    expect(again.runs.get(run.id).state).toBe('interrupted')
    expect(again.runs.move(run.id, 'training').state).toBe('training')
    again.close()
  }))

/** A program that may only read a file, and has a lock for that on all of it. */
async function readerOf(path: string): Promise<ChildProcess> {
  const script =
    'import fcntl, sys, time; f = open(sys.argv[1]); fcntl.lockf(f, fcntl.LOCK_SH); print("locked", flush=True); time.sleep(60)'
  const reader = spawn('python3', ['-c', script, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(reader.stdout, 'data')
  return reader
}

const withPython = test.skipIf(process.platform !== 'linux' || spawnSync('python3', ['--version']).status !== 0)

withPython('a lock for reading on the lock file, by whoever could open it, keeps nobody out', () =>
  inFolder(async (folder) => {
    openStore(folder).close()
    // The last writer is gone: the note of this process would count as alive.
    rmSync(join(folder, 'lock.json'))
    const reader = await readerOf(join(folder, 'lock.db'))
    const store = openStore(folder, { lockWaitMs: 50 })
    expect(refusal(folder).code).toBe('conflict')
    store.close()
    reader.kill()
  }),
)

withPython('a program that holds the database itself is named', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const reader = await readerOf(join(folder, `${databaseName}-shm`))
    expect(() => store.preferences.set('theme', 'dark')).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: expect.stringMatching(`^Process ${reader.pid} \\(.*python3 -c`) as string,
      }) as Error,
    )
    reader.kill()
    await once(reader, 'exit')
    store.preferences.set('theme', 'dark')
    store.close()
  }),
)
