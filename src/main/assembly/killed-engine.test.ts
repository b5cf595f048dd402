/**
 * SIGKILL to the engine in each state that it has, whatever it was doing: a sentence says so with its remedy, nothing half
 * done stays, the same asked again is done, and a run goes on to the bits of one that was left alone.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { optionFacts } from '../../analyses/option-facts.ts'
import { otherDataOption } from '../../analyses/other-data.ts'
import { analyses, type AnalysisKind } from '../../analyses/registry.ts'
import { randomStream } from '../../engine/random/stream.ts'
import type { EngineHost } from '../../shared/engine-host.ts'
import type { JobEvent } from '../../shared/engine-protocol.ts'
import { createEngineHost } from '../engine-host/host.ts'
import { rememberingSpawn } from '../engine-host/testing/small-run.ts'
import { parseAssignment } from '../lab/experiment/set-values.ts'
import type { Lab } from '../lab/lab.ts'
import { addBars, tinySettings } from '../lab/testing/tiny-data.ts'
import { openLab } from './open-lab.ts'

/**
 * Times in each state, up to 40 ms later each and of any process; WEIGHTSCAPE_KILLS says how many, WEIGHTSCAPE_KILL_SEED which
 * moments. Left out: once in every second state.
 */
const KILLS = Number(process.env['WEIGHTSCAPE_KILLS'] ?? 1)
const SEED = Number(process.env['WEIGHTSCAPE_KILL_SEED'] ?? 11)

type Heard = { type: 'started' } | { type: 'ready' } | JobEvent
interface State {
  name: string
  /** Whether the engine is in it, by the last that was heard of it. */
  isAt(heard: Heard): boolean
  /** Makes what it is killed in. */
  work(): Promise<unknown>
  isTraining?: true
}

let folder: string
let lab: Lab
let run: string
let arrays: Map<string, Buffer>
/** The state in which the next engine is killed. */
let fate: { isAt: State['isAt']; delay: number; any: boolean } | null = null
let killed: number | null = null
let trial = 0

/** The engine with an ear at its door, and a knife. */
function doomedEngine(): EngineHost {
  const { spawn, pids } = rememberingSpawn()
  const engine = createEngineHost({ spawn, farmProcesses: 2 })
  const hear = (heard: Heard): void => {
    if (fate?.isAt(heard) !== true) return
    const { delay, any } = fate
    fate = null
    const [pid] = any && trial % 2 === 1 ? pids.farm.slice(-1) : pids.engine.slice(-1)
    const kill = (): void => {
      try {
        killed = process.kill(pid, 'SIGKILL') ? pid : null
      } catch {
        // Its job was done first.
      }
    }
    if (delay === 0) kill()
    else setTimeout(kill, delay)
  }
  return {
    ...engine,
    run(job, handlers = {}) {
      const handle = engine.run(job, {
        onReady: (versions) => (hear({ type: 'ready' }), handlers.onReady?.(versions)),
        onEvent: (event) => (hear(event), handlers.onEvent?.(event)),
      })
      hear({ type: 'started' })
      return handle
    },
  }
}

/** Validation takes so long that its beginning is heard of before its end. */
const settings = [
  ...tinySettings.filter((setting) => !setting.startsWith('evaluation')),
  'evaluation.every=7',
  'evaluation.networks=1500',
].map(parseAssignment)
const create = async (): Promise<string> => (await lab.runs.create({ from: 'mnist-quick', data: 'bars', settings })).id
const finalArrays = async (id: string): Promise<Map<string, Buffer>> => {
  const { state } = (await lab.store.checkpoints.latest(id))!
  expect(state.step).toBe(20)
  // What was measured and found before it was killed stands there once.
  const steps = lab.runs.metrics(id, 'crossEntropy').map(({ step }) => step)
  expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(lab.store.results.list(id, { kind: 'evaluation', during: true }).map(({ step }) => step)).toEqual([7, 14, 20])
  return new Map(
    Object.entries(state.arrays).map(([name, { buffer, byteOffset, byteLength }]) => [name, Buffer.from(buffer, byteOffset, byteLength)]),
  )
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-killed-engine-'))
  mkdirSync(join(folder, 'out'))
  lab = openLab({ dataDir: join(folder, 'data'), engine: doomedEngine() })
  await addBars(lab.store)
  run = await create()
  await lab.runs.train(run)
  arrays = await finalArrays(run)
}, 120_000)
afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

let training: string
const goesOn = 'Nothing stored is lost: the run can (begin again from step 0|go on from step \\d+)\\.'
const matching = (words: string): unknown => expect.stringMatching(new RegExp(`^${words}$`))
const ofTraining = (name: string, isAt: State['isAt']): State => ({
  name,
  isAt,
  isTraining: true,
  work: async () => lab.runs.train((training = await create())),
})
const options: Readonly<Record<string, Record<string, unknown>>> = {
  distillation: { labelled: 60, steps: 60 },
  ensemble: { sizes: [1, 5] },
}

/** All of them where more is asked for, else one that works on weights, on images, on what networks said. */
/** What wants another data set is asked of none here. */
const own = analyses.filter((one) => otherDataOption(optionFacts(one)) === undefined)
const asked = KILLS > 1 ? own : own.filter(({ worksOn }, at) => own.findIndex((one) => one.worksOn === worksOn) === at)

const states: readonly State[] = [
  ofTraining('starting', ({ type }) => type === 'started'),
  ofTraining('loading its data, making its first weights', ({ type }) => type === 'ready'),
  ofTraining('a training step', (heard) => heard.type === 'metrics' && heard.points[0].step < 7),
  ofTraining('validating', (heard) => heard.type === 'metrics' && heard.points.at(-1)!.step === 7),
  ofTraining('saving a checkpoint', (heard) => heard.type === 'checkpoint' && heard.state.step === 15),
  ofTraining('saving the last checkpoint', (heard) => heard.type === 'checkpoint' && heard.reason === 'finished'),
  ...asked.map(({ kind, worksOn }): State => ({
    name: `an analysis: ${kind}`,
    // Some are done before they say anything.
    isAt: ({ type }) => type === (worksOn === 'probabilities' ? 'ready' : 'progress'),
    work: () => lab.analyses.run(run, { kind: kind as AnalysisKind, count: 20, fresh: true, options: options[kind] ?? {} }),
  })),
  {
    name: 'sampling',
    isAt: ({ type }) => type === 'weights',
    work: () => lab.sampling.toFile(run, { count: 5000, path: join(folder, 'out', 'networks.npz') }),
  },
  {
    name: 'exporting',
    isAt: ({ type }) => type === 'ready',
    work: () => lab.exports.toFile(run, { what: { network: 3 }, format: 'onnx', path: join(folder, 'out', 'network.onnx') }),
  },
]

const results = (): string => JSON.stringify(lab.store.results.list(run).map(({ id }) => id))
const unfinished = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.part|\.new$|staging/.test(path))

it.each(states.filter((_, at) => KILLS > 1 || at % 2 === 0))(
  '$name',
  { timeout: 60_000 + KILLS * 60_000, skip: process.platform === 'win32' },
  async ({ isAt, work, isTraining }) => {
    let hits = 0
    // A short job may be done before it is killed: it is tried again, then.
    for (let kills = 0; kills < KILLS || (hits === 0 && kills < KILLS + 8); kills++, trial++) {
      rmSync(join(folder, 'out'), { recursive: true })
      mkdirSync(join(folder, 'out'))
      const before = results()
      killed = null
      fate = { isAt, delay: hits === 0 ? 0 : 40 * randomStream(SEED, 'map', trial, 0).uniform(), any: kills > 0 }
      const ended = await work().then(
        (outcome) => ({ outcome }),
        (thrown: unknown) => ({ thrown }),
      )
      expect(fate, 'it came to the state').toBeNull()
      expect(lab.jobs.list()).toEqual([])
      expect(unfinished()).toEqual([])
      if ('thrown' in ended) {
        hits++
        const message = `(The engine process|A farm worker) \\(pid ${killed}\\) was killed by SIGKILL before its job was done\\.`
        const remedy = isTraining ? goesOn : 'Nothing that was saved is lost: begin it again.'
        const said = { code: 'engine-lost', message: matching(message), remedy: matching(remedy) }
        expect(ended.thrown).toMatchObject(said)
        expect(readdirSync(join(folder, 'out'))).toEqual([])
        expect(results(), 'no half result').toBe(before)
        if (isTraining) expect(lab.runs.get(training)).toMatchObject({ state: 'interrupted', error: said })
        await (isTraining ? lab.runs.train(training) : work())
      }
      if (!isTraining) continue
      expect(lab.runs.get(training).state).toBe('finished')
      const ends = await finalArrays(training)
      expect([...ends.keys()]).toEqual([...arrays.keys()])
      for (const [name, bytes] of arrays) expect(ends.get(name)!.equals(bytes), name).toBe(true)
    }
    expect(hits, 'kills that came before the job was done').toBeGreaterThan(0)
  },
)
