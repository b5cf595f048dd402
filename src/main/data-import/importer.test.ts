import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ImportStep } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { importPaths, inFolder, place, previewPaths } from '../data/testing/imports.ts'
import { classFolders } from '../data/testing/pictures.ts'
import type { Sample } from '../data/testing/samples.ts'
import { createDatasetImporter } from './importer.ts'
import type { Child, Spawn } from '../process/child.ts'
import { spawnNodeChild } from '../process/node-child.ts'

let files: Sample[] = []
beforeAll(async () => {
  files = await classFolders(20, { colour: true })
})

/** A folder with class folders in `set`, and room beside. */
function withSet<T>(work: (paths: string[], folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    await place(join(folder, 'set'), files)
    for (const name of ['scratch', 'data']) mkdirSync(join(folder, name))
    return work([join(folder, 'set')], folder)
  })
}

/** Node's own, but the test holds every process. */
function watched(): { spawn: Spawn; processes: Child[] } {
  const processes: Child[] = []
  return {
    processes,
    spawn: (options) => {
      const one = spawnNodeChild(options)
      processes.push(one)
      return one
    },
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function failure(work: Promise<unknown>): Promise<LabError> {
  try {
    await work
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
  throw new Error('It went well.')
}

test('another process sees and builds the same as this one, and tells how far it is', () =>
  withSet(async (paths, folder) => {
    const { spawn, processes } = watched()
    const session = createDatasetImporter({ spawn }).open(paths, join(folder, 'scratch'))
    const heard: ImportStep[] = []
    try {
      expect(await session.preview({}, (progress) => heard.push(progress))).toEqual(await previewPaths(paths))
      const staged = await session.build({}, join(folder, 'data'))
      const { images, labels, ...facts } = await importPaths(paths)
      expect(staged).toEqual(facts)
      expect(new Uint8Array(readFileSync(join(folder, 'data', 'images.u8')))).toEqual(images)
      expect(new Uint8Array(readFileSync(join(folder, 'data', 'labels.u8')))).toEqual(labels)
      expect(heard.at(-1)).toEqual({ note: 'reading images', done: 60, total: 60 })
      // What was found once is not looked for again.
      const again: ImportStep[] = []
      await session.preview({ split: { train: 30, validation: 20, test: 10 } }, (progress) => again.push(progress))
      expect(again).toEqual([])
      expect(processes.length).toBe(1)
    } finally {
      await session.close()
    }
    expect(alive(processes[0].pid!)).toBe(false)
  }))

test('what the files lack is said as by this process', () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'a.doc'), 'text')
    const session = createDatasetImporter().open([join(folder, 'a.doc')], folder)
    const error = await failure(session.preview({}))
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringContaining('No reader knows a.doc') as string })
    // The process lives on: other options may do.
    expect((await failure(session.preview({ header: true }))).message).toBe(error.message)
    await session.close()
  }))

test('a later question takes the place of an earlier one', () =>
  withSet(async (paths, folder) => {
    const session = createDatasetImporter().open(paths, join(folder, 'scratch'))
    const first = failure(session.preview({}))
    const second = session.preview({ size: { height: 9, width: 9 } })
    expect((await first).code).toBe('cancelled')
    expect((await second).plan).toMatchObject({ height: 9, width: 9 })
    await session.close()
  }))

test('closing ends the process at once, and what was asked with "cancelled"', () =>
  withSet(async (paths, folder) => {
    const { spawn, processes } = watched()
    const session = createDatasetImporter({ spawn }).open(paths, join(folder, 'scratch'))
    const asked = failure(session.build({}, join(folder, 'data')))
    await session.close()
    expect((await asked).code).toBe('cancelled')
    expect(alive(processes[0].pid!)).toBe(false)
    expect((await failure(session.preview({}))).code).toBe('cancelled')
  }))

test.runIf(process.platform === 'linux')('one that takes more memory than it may is ended', () =>
  withSet(async (paths, folder) => {
    const { spawn, processes } = watched()
    const session = createDatasetImporter({ spawn, limits: { residentBytes: 1 << 20 } }).open(paths, join(folder, 'scratch'))
    expect(await failure(session.preview({}))).toMatchObject({
      code: 'memory',
      message: expect.stringMatching(/more than 1\u00a0MB of memory/) as string,
    })
    expect(alive(processes[0].pid!)).toBe(false)
    await session.close()
  }),
)

/** An entry that does something else than reading. */
function entryThat(folder: string, does: string): string {
  const path = join(folder, 'entry.mjs')
  writeFileSync(path, `process.on('message', (request) => { if (request.type === 'call') { ${does} } })\n`)
  return path
}

test('a process that dies is named, and the next question starts another', () =>
  withSet(async (paths, folder) => {
    const dying = entryThat(folder, 'process.kill(process.pid, "SIGKILL")')
    const { spawn, processes } = watched()
    let started = 0
    const session = createDatasetImporter({
      spawn: (options) => (started++ === 0 ? spawnNodeChild({ ...options, entry: dying }) : spawn(options)),
    }).open(paths, join(folder, 'scratch'))
    expect(await failure(session.preview({}))).toMatchObject({
      message: expect.stringMatching(/was ended (from outside|by the system)/) as string,
      remedy: expect.stringContaining('the files are not to blame') as string,
    })
    expect((await session.preview({})).count).toBe(60)
    expect(processes.length).toBe(1)
    await session.close()
  }))

test('one that fills its heap is ended', () =>
  inFolder(async (folder) => {
    const entry = entryThat(folder, 'const all = []; for (;;) all.push(new Array(1000).fill({}))')
    const session = createDatasetImporter({ entry, limits: { heapBytes: 64 << 20 } }).open([folder], folder)
    expect((await failure(session.preview({}))).code).toBe('memory')
    await session.close()
  }))

test('one from which nothing is heard is given up', () =>
  inFolder(async (folder) => {
    const { spawn, processes } = watched()
    const session = createDatasetImporter({ spawn, entry: entryThat(folder, 'for (;;);'), limits: { silence: 500 } }).open([folder], folder)
    expect(await failure(session.preview({}))).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/was given up: nothing was heard of it for/) as string,
    })
    expect(alive(processes[0].pid!)).toBe(false)
    await session.close()
  }))

test.each([
  ['nothing of sense', '"hello"'],
  ['a preview without its parts', '{ type: "result", id: request.id, result: { count: 1 } }'],
  [
    'the answer to another question',
    '{ type: "result", id: request.id, result: { count: 1, height: 1, width: 1, channels: 1, classes: 2, classNames: ["a", "b"], suggestedSplit: { train: 1, validation: 0, test: 0 }, source: { format: "x", files: [], order: null } } }',
  ],
  ['an error of another kind', '{ type: "failed", id: request.id, error: { code: "newer-store", message: "", remedy: "" } }'],
  ['more samples than there can be', '{ type: "event", id: request.id, event: { note: "x".repeat(20000), done: 1, total: 1 } }'],
])('one that says %s is ended: it may have been taken over by a file', async (_what, words) =>
  inFolder(async (folder) => {
    const { spawn, processes } = watched()
    const session = createDatasetImporter({ spawn, entry: entryThat(folder, `process.send(${words})`) }).open([folder], folder)
    expect(await failure(session.preview({}))).toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/said what it should not/) as string,
    })
    expect(alive(processes[0].pid!)).toBe(false)
    await session.close()
  }),
)
