/** SIGKILL to the engine while each method trains: the run goes on to the bits of one that was left alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomStream } from '../../engine/random/stream.ts'
import { methods } from '../../methods/registry.ts'
import { createEngineHost } from '../engine-host/host.ts'
import { rememberingSpawn } from '../engine-host/testing/small-run.ts'
import { parseAssignment } from '../lab/experiment/set-values.ts'
import type { Lab } from '../lab/lab.ts'
import { addBars, tinySettings } from '../lab/testing/tiny-data.ts'
import { openLab } from './open-lab.ts'

/** Times a method; WEIGHTSCAPE_KILLS asks for more. */
const KILLS = Number(process.env['WEIGHTSCAPE_KILLS'] ?? 1)

/** So many that the kill comes before the last, however late this process hears of the first. */
const STEPS = 80
/** Kills that may come too late, beside as many as are asked. */
const LATE = 12

let folder: string
let lab: Lab
/** The engine is killed so many milliseconds after the first checkpoint that is as far. */
let fate: { step: number; delay: number } | null = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-killed-methods-'))
  const { spawn, pids } = rememberingSpawn()
  const engine = createEngineHost({ spawn, farmProcesses: 2 })
  const kill = (): void => void process.kill(pids.engine[pids.engine.length - 1], 'SIGKILL')
  const run: typeof engine.run = (job, handlers = {}) =>
    engine.run(job, {
      ...handlers,
      onEvent: (event) => {
        if (fate !== null && event.type === 'checkpoint' && event.state.step >= fate.step) {
          if (fate.delay === 0) kill()
          else setTimeout(kill, fate.delay)
          fate = null
        }
        return handlers.onEvent?.(event)
      },
    })
  lab = openLab({ dataDir: join(folder, 'data'), engine: { ...engine, run } })
  await addBars(lab.store)
})
afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

async function lastArrays(id: string): Promise<Readonly<Record<string, Float32Array>>> {
  const { state } = (await lab.store.checkpoints.latest(id))!
  expect(state.step).toBe(STEPS)
  return state.arrays
}

it.each(methods.flatMap(({ kind, presets: [first] }) => (first === undefined ? [] : [[kind, first.name] as const])))(
  '%s',
  { timeout: 60_000 * (1 + KILLS), skip: process.platform === 'win32' },
  async (kind, preset) => {
    const settings = [...tinySettings.filter((setting) => !/^(method|training\.steps)\b/.test(setting)), `training.steps=${STEPS}`].map(
      parseAssignment,
    )
    const create = async (): Promise<string> => (await lab.runs.create({ from: preset, data: 'bars', settings })).id
    const untouched = await create()
    await lab.runs.train(untouched)
    const expected = await lastArrays(untouched)
    // A kill that is heard of too late comes to a run that has ended: it does not count, and another is tried.
    let inTime = 0
    for (let trial = 0; inTime < KILLS && trial < 2 * KILLS + LATE; trial++) {
      const stream = randomStream(11, 'map', trial, 0)
      fate = { step: 1 + stream.integer(15), delay: trial === 0 || inTime === 0 ? 0 : 10 * stream.uniform() }
      const killed = await create()
      await lab.runs.train(killed).catch((thrown: unknown) => expect(thrown).toMatchObject({ code: 'engine-lost' }))
      expect(fate, `${kind} came to the step`).toBeNull()
      if (lab.runs.get(killed).state === 'interrupted') inTime++
      if (lab.runs.get(killed).state !== 'finished') await lab.runs.train(killed)
      expect(await lastArrays(killed), `${kind}, trial ${trial + 1}`).toEqual(expected)
    }
    expect(inTime, `kills of ${kind} that came in time`).toBe(KILLS)
  },
)
