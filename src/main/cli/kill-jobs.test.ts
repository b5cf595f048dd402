/**
 * Kill -9 at random moments of what works on a run: an import, a taking over, an emptying of the trash, analyses, a report, the demo.
 * Whoever dies (the command line alone, all but it, or all), the lab opens, no run is stuck, no unfinished file stays,
 * what was said to be done is there, results are whole or absent, and the same asked again is done, on a machine that sleeps meanwhile.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomStream } from '../../engine/random/stream.ts'
import { openStore } from '../store/open-store.ts'
import { command, exited, family, kill, lab, labThatSleeps, SLEEP, train, writeImages } from './testing/killing.ts'

/** Of each job; WEIGHTSCAPE_KILLS asks for more, WEIGHTSCAPE_KILL_SEED for other moments. */
const KILLS = Number(process.env['WEIGHTSCAPE_KILLS'] ?? 1)
const SEED = Number(process.env['WEIGHTSCAPE_KILL_SEED'] ?? 11)
/** Kills that may come too late, beside as many as are asked. */
const LATE = 12

let folder: string
let dataDir: string
let run: string
/** An archive of a run of another lab, with its data. */
let archive: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightscape-kill-jobs-'))
  dataDir = join(folder, 'data')
  expect(lab(['data', 'add', ...writeImages(folder, 400), '--name', 'tiny'], dataDir).status).toBe(0)
  expect(lab(train(20), dataDir).status).toBe(0)
  const store = openStore(dataDir)
  run = store.runs.list()[0].id
  store.close()
  const elsewhere = join(folder, 'elsewhere')
  archive = join(folder, 'archive.weightscape')
  expect(lab(['data', 'add', ...writeImages(folder, 300, 104_723), '--name', 'moved'], elsewhere).status).toBe(0)
  expect(lab([...train(20, 'moved'), '--name', 'moved'], elsewhere).status).toBe(0)
  expect(lab(['runs', 'export', 'moved', '--out', archive], elsewhere).status).toBe(0)
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Job {
  name: string
  /** What it needs, made anew for each trial. @returns the words of the command */
  words(trial: number): string[] | Promise<string[]>
  /** What it leaves, once it said that it was done. */
  done(store: ReturnType<typeof openStore>, trial: number): boolean
}

/** An analysis of as many networks as no other trial asks for. */
const analysis = (name: string, command: string, kind: string, ...options: string[]): Job => ({
  name,
  words: (trial) => [command, run, '-n', String(20 + trial), ...options],
  done: (store, trial) => store.results.list(run, { kind }).some(({ count }) => count === 20 + trial),
})

const jobs: readonly Job[] = [
  {
    name: 'an import',
    words(trial) {
      const from = join(folder, `import-${trial}`)
      mkdirSync(from, { recursive: true })
      const named = ['--name', `import ${trial}`]
      return ['data', 'add', ...writeImages(from, 5000 + trial, 104_729), ...named, '--equal', 'once', '--accept', 'equal-across-classes']
    },
    done: (store, trial) => store.datasets.list().some(({ name }) => name === `import ${trial}`),
  },
  {
    name: 'an emptying of the trash',
    words(trial) {
      const store = openStore(dataDir)
      const known = store.runs.list().find(({ name }) => name === `gone ${trial}`)
      const { id } = known ?? store.runs.create({ document: store.runs.get(run).document, name: `gone ${trial}` })
      store.runs.remove([id])
      store.close()
      return ['trash', '--erase', id]
    },
    done: (store, trial) => !store.runs.list().some(({ name }) => name === `gone ${trial}`),
  },
  {
    name: 'a taking over of a run',
    async words() {
      const store = openStore(dataDir)
      const runs = store.runs.list().flatMap(({ name, id }) => (name === 'moved' ? [id] : []))
      const datasets = store.datasets.list().flatMap(({ name, hash }) => (name === 'moved' ? [hash] : []))
      store.runs.remove(runs)
      datasets.forEach((hash) => store.datasets.remove(hash))
      await store.trash.erase({ runs, datasets })
      store.close()
      return ['runs', 'import', archive]
    },
    done: (store) => store.runs.list().some(({ name, state }) => name === 'moved' && state === 'finished'),
  },
  analysis('an evaluation', 'evaluate', 'evaluation'),
  analysis('a map', 'map', 'map'),
  analysis('a distillation', 'distil', 'distillation', '--labelled', '100', '--steps', '60'),
  {
    name: 'a report',
    words: (trial) => ['report', run, '--format', 'html', '--out', join(folder, `report-${trial}`)],
    done: (store, trial) => store.reports.list(run).some(({ path }) => path.includes(`report-${trial}`)),
  },
]

/** Looks at everything, as the next command would. @returns results and data sets that are there, by name */
async function inspect(): Promise<Set<string>> {
  openStore(dataDir).close()
  const store = openStore(dataDir)
  try {
    // What the first opening mended is mended.
    expect(store.opening).toEqual({ interrupted: [], purged: [], swept: [], migrated: null })
    expect(store.runs.list().filter(({ state }) => state === 'training')).toEqual([])
    for (const { id, state } of store.runs.list())
      if (state === 'finished') expect((await store.checkpoints.latest(id))?.state.step).toBe(20)
    expect(store.runs.get(run).state).toBe('finished')
    const there = new Set<string>()
    for (const data of store.datasets.list()) {
      expect((await store.datasets.labels({ id: data.hash })).length).toBeGreaterThan(0)
      if (data.name !== 'moved') there.add(`data set ${data.hash}`)
    }
    for (const result of store.results.list(run)) {
      await store.results.arrays(result)
      there.add(`result ${result.id}`)
    }
    for (const report of store.reports.list(run)) expect(existsSync(report.path), report.path).toBe(true)
    const unfinished = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((path) => /\.part|\.new$|staging/.test(path))
    expect(unfinished).toEqual([])
    return there
  } finally {
    store.close()
  }
}

const tally: string[] = []

it.each(jobs.map((job, at) => ({ ...job, at })))(
  `$name, killed ${KILLS} times, and on a machine that sleeps`,
  { timeout: 60_000 + KILLS * 30_000 + 1000 * SLEEP, skip: process.platform === 'win32' },
  async ({ name, words, done, at }) => {
    // One that nobody kills says how long the job takes, from which the moments are drawn.
    const started = performance.now()
    expect(lab(await words(at), dataDir).status).toBe(0)
    let usual = performance.now() - started
    let before = await inspect()
    // A kill that comes too late does not count, and the next come earlier; later trials ask for more, and last longer.
    let kills = 0
    let trial = at + jobs.length
    for (; kills < KILLS && trial < (2 * KILLS + LATE) * jobs.length; trial += jobs.length) {
      const child = spawn(process.execPath, command(await words(trial), dataDir), { stdio: ['ignore', 'pipe', 'ignore'] })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
      const stream = randomStream(SEED, 'map', trial, 0)
      await new Promise((resolve) => setTimeout(resolve, (0.2 + 0.8 * stream.uniform()) * usual))
      const [main, ...others] = family(child.pid!)
      const who = Math.floor(stream.uniform() * 3)
      const victims = who === 0 ? [main] : who === 1 && others.length > 0 ? others : [main, ...others]
      victims.forEach(kill)
      await exited(child)
      const there = await inspect()
      for (const one of before) expect(there, `${name}, trial ${trial}: ${one} was there before`).toContain(one)
      const store = openStore(dataDir)
      const isDone = said.includes('"event":"result"')
      if (isDone) expect(done(store, trial), `${name}, trial ${trial} said that it was done`).toBe(true)
      store.close()
      usual *= isDone ? 0.9 : 1.03
      if (!isDone) kills++
      tally.push(`${name}: ${isDone ? 'done before' : (['main', 'others', 'all'][who] ?? '')}`)
      before = there
    }
    expect(kills, 'kills that came in time').toBe(KILLS)
    const { status, last, slept } = await labThatSleeps(await words(trial), dataDir, usual / 5)
    expect(status, `${name}, killed by nobody: ${JSON.stringify(last['message'])}`).toBe(0)
    if (slept) tally.push(`${name}: slept`)
    await inspect()
  },
)

afterAll(() => console.log(`${tally.length} kills and sleeps, seed ${SEED}: ${tally.join('; ')}`))
