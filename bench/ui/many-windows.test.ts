/**
 * A lab that years of use have filled, and many windows at once that come, ask, write and go while a run trains: every
 * answer is right, no point of the run is lost, what a window held goes with it, and memory stays flat.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { peakStep, seedPlenty } from '../../e2e/seed.ts'
import { seedTinyRun } from '../../e2e/tiny-run.ts'
import type { Server } from '../../e2e/server.ts'
import { randomStream } from '../../src/engine/random/stream.ts'
import type { ConnectedClient } from '../../src/shared/rpc/client.ts'
import { cookieOf, growth, labBytes, startLab, tabOf } from './lab.ts'
import { percentile } from './measured.ts'

/** How long windows ask; WEIGHTSCAPE_LOAD_SECONDS asks for more, and from ten minutes on of a lab as large as years make it. */
const SECONDS = Number(process.env['WEIGHTSCAPE_LOAD_SECONDS'] ?? 5)
const lab =
  SECONDS < 600
    ? { runs: 500, points: 60_000, mapped: 2000, windows: 10 }
    : { runs: 10_000, points: 10_000_000, mapped: 100_000, windows: 50 }
const [maxPoints, page] = [2000, 200]

const folder = mkdtempSync(join(tmpdir(), 'weightscape-many-windows-'))
let server: Server | undefined
let long: string
let talkative: string

beforeAll(async () => {
  // No page is asked for: that of the window need not be built.
  writeFileSync(join(folder, 'index.html'), '')
  Object.assign(process.env, { WEIGHTSCAPE_STEPS_A_SECOND: '20', WEIGHTSCAPE_PAGES: folder })
  const data = join(folder, 'data')
  long = await seedPlenty(data, lab)
  talkative = await seedTinyRun(data, { name: 'talkative', steps: 10_000_000 })
  server = await startLab(data, fileURLToPath(new URL('./scripted-lab.ts', import.meta.url)))
}, 600_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** Milliseconds that answers took, by what was asked. */
const taken = new Map<string, number[]>()

/** One tab of a browser, and what a person does in it. */
class Tab {
  readonly #own: string
  readonly #enter: () => ConnectedClient
  readonly #random
  #client: ConnectedClient
  #notes = 0
  /** The newest step that came of the run that trains. */
  #last = 0

  constructor(at: number, enter: () => ConnectedClient) {
    this.#own = seeded(at + 2)
    this.#enter = enter
    this.#random = randomStream(SECONDS, 'map', at, 0)
    this.#client = this.#open()
  }

  /** Asks one thing after another, a second apart, until a time. @param end by `performance.now` */
  async ask(end: number): Promise<void> {
    const all = Object.entries(this.#asked)
    while (performance.now() < end) {
      await wait(2000 * this.#random.uniform())
      const [what, ask] = all[Math.floor(this.#random.uniform() * all.length)]
      const began = performance.now()
      await ask()
      const times = taken.get(what) ?? []
      times.push(performance.now() - began)
      taken.set(what, times)
    }
    expect(this.#last).toBeGreaterThan(0)
    this.#client.close()
  }

  #open(): ConnectedClient {
    const client = this.#enter()
    this.#last = 0
    for (const stream of ['runs.watch', 'datasets.watch', 'tasks.watch', 'system.load', 'system.notes'] as const)
      client.open(stream, {}, { item: () => undefined })
    const item = ({ series }: { series: readonly { steps: ArrayLike<number> }[] }): void => {
      for (const { steps } of series) {
        if (steps.length === 0) continue
        expect(steps[0]).toBeGreaterThan(this.#last)
        this.#last = steps[steps.length - 1]
      }
    }
    client.open('metrics.watch', { run: talkative, names: ['crossEntropy'], from: 0 }, { item })
    return client
  }

  readonly #asked: Readonly<Record<string, () => Promise<void>>> = {
    'a page of runs': async () => {
      const n = 2 + this.#below(lab.runs - page - 1)
      const listed = await this.#client.call('runs.list', { limit: page, before: seeded(n) })
      expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: page }, (_, i) => seeded(n + 1 + i)))
    },
    'a run': async () => {
      const n = 2 + this.#below(lab.runs - 1)
      expect((await this.#client.call('runs.get', { id: seeded(n) })).run.name).toBe(`run ${String(n).padStart(5, '0')}`)
    },
    'part of a long curve': async () => {
      const [from, to] = [this.#below(lab.points), this.#below(lab.points)].sort((a, b) => a - b)
      const [{ steps, values }] = await this.#client.call('metrics.read', { run: long, names: ['crossEntropy'], from, to, maxPoints })
      expect(steps.length).toBeLessThanOrEqual(maxPoints)
      expect(steps.every((step) => from <= step && step <= to)).toBe(true)
      expect(values.includes(9)).toBe(from <= peakStep && peakStep <= to)
    },
    'a map': async () => {
      const { results } = await this.#client.call('runs.get', { id: long })
      const { arrays } = await this.#client.call('results.arrays', { run: long, id: results[0].id })
      expect(arrays['coordinates'].shape).toEqual([lab.mapped, 2])
    },
    'three runs beside each other': async () => {
      const ids = [this.#own, long, seeded(lab.runs - this.#below(100))]
      expect((await this.#client.call('runs.compare', { ids })).results.map(({ run }) => run)).toEqual(ids)
    },
    'a note': async () => {
      const note = `note ${++this.#notes}`
      await this.#client.call('runs.edit', { id: this.#own, note })
      expect((await this.#client.call('runs.get', { id: this.#own })).run.note).toBe(note)
    },
    'coming again': async () => {
      this.#client.close()
      this.#client = this.#open()
      await this.#client.call('metrics.names', { run: long })
    },
  }

  #below = (count: number): number => Math.floor(this.#random.uniform() * count)
}

const seeded = (n: number): string => `seeded-${String(n).padStart(5, '0')}`
const openFiles = (): number => readdirSync(`/proc/${server!.pid}/fd`).length

it.skipIf(process.platform !== 'linux')(
  `${lab.windows} windows for ${SECONDS} seconds on ${lab.runs} runs`,
  { timeout: 120_000 + 1000 * SECONDS },
  async () => {
    const cookie = await cookieOf(server!)
    const enter = (): ConnectedClient => tabOf(server!, cookie)
    const first = enter()
    await first.call('runs.start', { id: talkative })
    const before = openFiles()
    const end = performance.now() + 1000 * SECONDS
    await Promise.all(Array.from({ length: lab.windows }, (_, at) => new Tab(at, enter).ask(end)))
    await expect.poll(openFiles, { timeout: 10_000 }).toBeLessThanOrEqual(before + 2)

    await first.call('runs.pause', { id: talkative })
    await expect.poll(async () => (await first.call('runs.get', { id: talkative })).run.state, { timeout: 10_000 }).toBe('paused')
    const { step } = (await first.call('runs.get', { id: talkative })).run
    const [{ steps }] = await first.call('metrics.read', { run: talkative, names: ['crossEntropy'] })
    expect([steps.length, steps.at(-1)]).toEqual([step, step])
    first.close()

    const bytes = labBytes(server!)
    const grown = growth(bytes)
    const count = [...taken.values()].reduce((sum, { length }) => sum + length, 0)
    const figures = [...taken].map(([what, ms]) => `${what} ${Math.round(percentile(ms, 0.5))} and ${Math.round(percentile(ms, 0.95))}`)
    console.log(
      `load: ${count} of ${count} answers right, ${step} steps; memory ${Math.round(bytes.at(-1)! / 2 ** 20)} MB, grown by ${grown.toFixed(1)}; ms, median and 95 %: ${figures.join(', ')}`,
    )
    expect(grown).toBeLessThan(16)
  },
)
