/**
 * Kill -9 at random moments: whatever dies (command line, engine, farm worker, or all at once) and
 * whenever, the run goes on from its last checkpoint and ends with the bits of a run that nobody touched.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { randomStream } from '../../engine/random/stream.ts'
import { command, exited, family, finalBytes, kill, lab, labThatSleeps, SLEEP, train, writeImages } from './testing/killing.ts'

/** How often; WEIGHTSCAPE_KILLS asks for more. */
const KILLS = Number(process.env['WEIGHTSCAPE_KILLS'] ?? 12)

let folder: string
let images: readonly string[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-kill-'))
  images = writeImages(folder, 400)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TRAIN = train(150)

/** A data folder of this name with the data set in it. */
function begin(name: string): string {
  const dataDir = join(folder, name)
  const { status } = lab(['data', 'add', ...images, '--name', 'tiny'], dataDir)
  expect(status).toBe(0)
  return dataDir
}

it(
  `runs killed at ${KILLS} random moments end with the bits of one that was left alone`,
  { timeout: 60_000 + KILLS * 30_000, skip: process.platform === 'win32' },
  async () => {
    const untouched = begin('untouched')
    const started = performance.now()
    expect(lab(TRAIN, untouched).last).toEqual(expect.objectContaining({ event: 'result' }))
    const whole = performance.now() - started
    const expected = finalBytes(untouched, 150)

    const shared = begin('killed')
    let runs: { id: string; state: string }[] = []
    let ended = 0
    /** What another command finds. */
    const look = (): void => {
      runs = lab(['runs'], shared).last['runs'] as typeof runs
      // Killed between being made and its first step, a run is still queued; none goes on claiming that it trains.
      expect(runs.map(({ state }) => state)).not.toContain('training')
      const finished = runs.filter(({ state }) => state === 'finished').length
      if (finished > ended) expect(finalBytes(shared, 150).equals(expected), `run ${finished} that was killed`).toBe(true)
      ended = finished
    }
    const goOn = (): string[] => {
      const unfinished = runs.find(({ state }) => state !== 'finished')
      return unfinished === undefined ? TRAIN : ['resume', unfinished.id]
    }
    for (let trial = 0; trial < KILLS; trial++) {
      const stream = randomStream(11, 'map', trial, 0)
      // A run that goes on may be killed again, and often is.
      const child = spawn(process.execPath, command(goOn(), shared), { stdio: 'ignore' })
      await new Promise((resolve) => setTimeout(resolve, 200 + stream.uniform() * whole))
      const members = family(child.pid!)
      // A third each: everything at once, the command line alone, one of the processes it started.
      const victims = trial % 3 === 0 ? members : trial % 3 === 1 ? members.slice(0, 1) : members.slice(-1)
      victims.forEach(kill)
      await exited(child)
      look()
    }
    expect(lab(goOn(), shared).last).toEqual(expect.objectContaining({ event: 'result' }))
    look()
    process.stdout.write(`kill -9 of a training: ${KILLS} of ${KILLS} went on, ${ended} runs ended with the bits of one left alone\n`)
    expect(ended).toBeGreaterThan(0)
  },
)

it(
  'a machine that sleeps while it trains wakes up to the same bits, and ends no engine for its silence',
  { timeout: 180_000 + 1000 * SLEEP, skip: process.platform === 'win32' },
  async () => {
    const untouched = begin('awake')
    const started = performance.now()
    expect(lab(train(400), untouched).last).toMatchObject({ event: 'result' })
    const whole = performance.now() - started
    // Where the machine has got faster since, a training may be over before it is put to sleep: then another, earlier.
    let share = 0.7
    let asleep: string
    let slept: boolean
    let last: Record<string, unknown>
    do {
      asleep = begin(`asleep-${share}`)
      ;({ slept, last } = await labThatSleeps(train(400), asleep, share * whole))
      share /= 2
    } while (!slept && share > 0.1)
    expect({ slept, last }).toMatchObject({ slept: true, last: { event: 'result' } })
    expect(finalBytes(asleep, 400).equals(finalBytes(untouched, 400))).toBe(true)
  },
)

it('a terminal that is closed pauses the run, with a checkpoint', { timeout: 120_000, skip: process.platform === 'win32' }, async () => {
  const dataDir = begin('closed')
  const child = spawn(process.execPath, command(train(1_000_000), dataDir), {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await vi.waitUntil(() => said.includes('"progress"'), { timeout: 100_000 })
  child.kill('SIGHUP')
  child.stdout.destroy()
  child.stderr.destroy()
  await exited(child)
  expect(child.exitCode).toBe(130)
  const { last } = lab(['show', 'latest'], dataDir)
  expect(last).toMatchObject({ state: 'paused', error: null })
  expect(last['checkpoints']).toContainEqual(expect.objectContaining({ reason: 'paused', step: last['step'] }))
})
