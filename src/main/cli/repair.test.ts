/** A damaged data folder in the terminal: what is said, what repairs it, and what has no entry. */
import { mkdtempSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLab } from '../lab/lab.ts'
import { fakeEngine } from '../lab/testing/fake-engine.ts'
import { addBars, tinySettings } from '../lab/testing/tiny-data.ts'
import { parseAssignment } from '../lab/experiment/set-values.ts'
import { runCommandLine } from './run.ts'

let folder: string
let run: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-repair-'))
  const lab = createLab({ dataDir: folder, engine: fakeEngine() })
  await addBars(lab.store)
  run = (await lab.runs.create({ from: 'mnist-quick', data: 'bars', settings: tinySettings.map(parseAssignment) })).id
  await lab.runs.train(run)
  await lab.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function call(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const code = await runCommandLine([...words, '--data-dir', folder], {
    program: 'lab',
    version: '9.9.9',
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    terminal: false,
    columns: 100,
    env: {},
    platform: 'linux',
    home: folder,
    now: Date.now,
    openEngine: () => fakeEngine(),
    pages: folder,
    openBrowser: () => undefined,
    onInterrupt: () => () => undefined,
    exit: () => undefined,
  })
  return { code, ...said }
}

it('an emptied database is never an empty lab: it is said, with the command that repairs it', async () => {
  truncateSync(join(folder, 'weightscape.db'))
  for (const words of [['runs'], ['data', 'list'], ['resume', run], ['evaluate', run, '-n', '3']]) {
    const { code, out, err } = await call(...words)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/weightscape\.db is damaged: it is empty, yet the folder holds 1 run and 1 data set\./)
    expect(err).toContain(`lab repair --data-dir ${folder}\n`)
  }
  const repaired = await call('repair')
  expect(repaired).toMatchObject({ code: 0, err: '' })
  expect(repaired.out).toMatch(/^The database is whole: 1 run, 1 data set, 2 checkpoints, 4 results\./)
  expect(repaired.out).toMatch(new RegExp(`The damaged database is kept in ${join(folder, 'damaged')}`))
  expect((await call('runs')).out).toContain(run)
  expect((await call('evaluate', run, '-n', '3')).code).toBe(0)
})

it('the checkpoint that an analysis took is named', async () => {
  const { out } = await call('evaluate', run, '-n', '3')
  expect(out).toMatch(/basis +step 20, first 3 networks of seed 8734, first 20 validation images, checkpoint [0-9a-f]{12}\n/)
  const last = JSON.parse((await call('evaluate', run, '-n', '3', '--json')).out.trimEnd().split('\n').at(-1)!) as object
  expect(last).toMatchObject({ run, step: 20, seed: 8734, checkpoint: expect.stringMatching(/^[0-9a-f]{64}$/) as string })
})

it('what has no entry is listed in the trash, stays, and is erased by name', async () => {
  expect((await call('trash')).out).toBe('The trash is empty.\n')
  // As a kill leaves it between the file and its row.
  const stray = join(folder, 'datasets', 'ab'.repeat(32))
  renameSync(join(folder, 'runs', run, 'checkpoints'), stray)
  await call('data', 'add', '/nowhere')
  const listed = await call('trash')
  expect(listed.out).toMatch(/until erased/)
  const id = `datasets-${'ab'.repeat(32)}-`
  const name = listed.out
    .split('\n')
    .find((line) => line.startsWith(id))!
    .split(' ')[0]
  expect((await call('trash', '--restore', name)).err).toContain('lab repair')
  expect((await call('trash', '--erase', name)).out).toMatch(/^Freed /)
  expect((await call('trash')).out).toBe('The trash is empty.\n')
  expect((await call('trash', '--erase', 'nothing')).code).toBe(1)
})
