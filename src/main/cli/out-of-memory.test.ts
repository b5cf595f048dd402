/** Memory runs out while a run trains: the system ends its engine, the lab says so, and the run goes on to the same bits. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { command, finalBytes, lab, train, writeImages } from './testing/killing.ts'
import { MemoryGroup } from './testing/memory-group.ts'

/** How often; none beside other tests: to these, an engine that they kill would have been ended for want of memory. */
const TIMES = Number(process.env['WEIGHTSCAPE_OUT_OF_MEMORY'] ?? 0)
const group = TIMES === 0 ? null : MemoryGroup.create()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-memory-'))
})
afterAll(() => {
  group?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** More than is left, for a moment. */
const balloon = [process.execPath, '-e', 'Buffer.alloc(64e6, 1)']
const steps = 100 + 100 * TIMES

/** Trains, or goes on, until memory runs out; the whole lab is short of it. @returns the last that the command said */
async function runOut(args: string[], dataDir: string): Promise<object> {
  const before = group!.killed()
  const [program, ...words] = group!.words([process.execPath, ...command(args, dataDir)])
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] })
  const closed = once(child, 'close')
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await vi.waitUntil(() => /"step":[1-9]/.test(said), { timeout: 100_000 })
  // The lab itself is in the group, and is not what the system ends: engines offer themselves.
  for (let trial = 0; trial < 20 && group!.killed() === before; trial++) {
    group!.tighten()
    const [shell, ...more] = group!.words(balloon)
    spawnSync(shell, more)
  }
  await closed
  expect(child.signalCode, 'the lab itself').toBeNull()
  group!.loosen()
  expect(group!.killed()).toBeGreaterThan(before)
  return JSON.parse(said.trim().split('\n').at(-1)!) as object
}

it.skipIf(group === null)(
  `${TIMES} times the system ends an engine for want of memory: it is said, and the run goes on`,
  { timeout: 100_000 + TIMES * 200_000 },
  async () => {
    const images = writeImages(folder, 400)
    const [untouched, short] = ['untouched', 'short'].map((name) => join(folder, name))
    for (const dataDir of [untouched, short]) expect(lab(['data', 'add', ...images, '--name', 'tiny'], dataDir).status).toBe(0)
    for (let time = 0; time < TIMES; time++) {
      expect(await runOut(time === 0 ? train(steps) : ['resume', 'latest'], short)).toMatchObject({
        event: 'error',
        code: 'memory',
        message: expect.stringMatching(/ran out of memory and was ended by the system\.$/) as string,
      })
      expect(lab(['show', 'latest'], short).last).toMatchObject({ state: 'interrupted' })
    }
    expect(lab(['resume', 'latest'], short).status).toBe(0)
    expect(lab(train(steps), untouched).status).toBe(0)
    expect(finalBytes(short, steps).equals(finalBytes(untouched, steps))).toBe(true)
    process.stdout.write(`memory ran out ${TIMES} times: said each time, and the run ended with the bits of one left alone\n`)
  },
)
