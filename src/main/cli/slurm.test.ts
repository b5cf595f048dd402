/** Sweeps on a real Slurm, where one answers (scripts/slurm/one-node.sh starts one): tasks are cancelled, killed and queued again. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomStream } from '../../engine/random/stream.ts'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'
import { openStore } from '../store/open-store.ts'

const hasSlurm = spawnSync('sinfo', ['-h'], { timeout: 10_000 }).status === 0
/** Seeds of each of two settings, a task each; WEIGHTSCAPE_SLURM_SEEDS asks for more, WEIGHTSCAPE_KILL_SEED for other moments. */
const SEEDS = Number(process.env['WEIGHTSCAPE_SLURM_SEEDS'] ?? 2)
const SEED = Number(process.env['WEIGHTSCAPE_KILL_SEED'] ?? 11)
const TASKS = 2 * SEEDS

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slurm-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function lab(data: string, ...words: string[]): Record<string, unknown> {
  const args = [join(import.meta.dirname, 'main.ts'), ...words, '--json', '--data-dir', join(folder, data)]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>
}

/** Hash of the last checkpoint of each run, by settings and seed: equal hashes are equal bits. */
function hashes(data: string): Map<string, string> {
  const { rows } = lab(data, 'sweep', 'show', 'far') as { rows: { title: string; runs: { run: string; seed: number }[] }[] }
  const store = openStore(join(folder, data))
  try {
    return new Map(
      rows.flatMap(({ title, runs }) => runs.map(({ run, seed }) => [`${title}, seed ${seed}`, store.checkpoints.list(run)[0].hash])),
    )
  } finally {
    store.close()
  }
}

it.skipIf(!hasSlurm)(
  'gathers runs whose tasks were killed and queued again, with the bits of runs made here',
  { timeout: 120_000 + TASKS * 70_000 },
  async () => {
    const files = await writeTinyIdx(folder)
    const of = [
      ...[
        '--data',
        'bars',
        '--vary',
        'method.lambda=10,100',
        '--seeds',
        `1..${SEEDS}`,
        '--steps',
        '60',
        '--analyses',
        'evaluation',
        '-n',
        '2',
      ],
      ...tinySettings.filter((setting) => !/training\.steps|cooldown|seed/.test(setting)).flatMap((setting) => ['--set', setting]),
    ]
    for (const data of ['cluster', 'here']) lab(data, 'data', 'add', ...files, '--name', 'bars')
    const submit = () => lab('cluster', 'sweep', 'submit', 'far', '--slurm', ...of) as { job: string; folder: string; tasks: number }
    const stream = randomStream(SEED, 'map', TASKS, 0)
    const tally = { cancelled: 0, killed: 0, 'queued again': 0 }
    const gathered: string[] = []
    const isDone = (run: string) => existsSync(join(tasksOf, run, 'done'))
    let [jobs, tasksOf, done] = [0, '', 0]
    for (let left = TASKS; left > 0; jobs++) {
      const { job, folder: at, tasks } = submit()
      expect(tasks).toBe(left)
      tasksOf = join(at, 'tasks')
      const runs = readFileSync(join(at, 'runs'), 'utf8').trim().split('\n')
      const queued = (...which: string[]) =>
        execFileSync('squeue', ['-h', '-r', '-j', job, '-o', '%K', ...which], { encoding: 'utf8' })
          .trim()
          .split('\n')
          .filter(Boolean)
      // What is done to a task takes turns; none is met a second time in one job, so that an end comes.
      const met = new Set<string>()
      let next = Date.now()
      for (let end = Date.now() + 300_000; queued().length > 0;) {
        if (Date.now() > end) throw new Error('No task ends.')
        await new Promise((resolve) => setTimeout(resolve, 300))
        const over = runs.filter(isDone).length
        if (over > done) [done, end] = [over, Date.now() + 300_000]
        const kills = Object.values(tally).reduce((sum, one) => sum + one)
        if (kills >= 2 + done / 2 || Date.now() < next) continue
        const place = queued('-t', 'R').find((one) => !met.has(one))
        if (place === undefined) continue
        next = Date.now() + 8000 * stream.uniform()
        met.add(place)
        const what = (['cancelled', 'killed', 'queued again'] as const)[kills % 3]
        if (what === 'cancelled') execFileSync('scancel', [`${job}_${place}`])
        else if (what === 'killed') spawnSync('pkill', ['-9', '-f', `resume ${runs[Number(place)]} --data-dir tasks/`])
        else spawnSync('scontrol', ['requeue', `${job}_${place}`])
        tally[what]++
      }
      const part = lab('cluster', 'sweep', 'gather', 'far') as { gathered: string[]; left: string[] }
      gathered.push(...part.gathered)
      left = part.left.length
    }
    expect(jobs).toBeGreaterThan(1)
    expect(new Set(gathered).size).toBe(TASKS)
    expect(gathered).toHaveLength(TASKS)
    expect(lab('cluster', 'sweep', 'gather', 'far')).toMatchObject({ gathered: [], left: [] })
    lab('here', 'sweep', 'run', 'far', ...of)
    const there = hashes('cluster')
    expect(there.size).toBe(TASKS)
    expect(there).toEqual(hashes('here'))
    const kills = Object.entries(tally).map(([what, times]) => `${times} ${what}`)
    process.stdout.write(`${TASKS} tasks in ${jobs} jobs, ${kills.join(', ')}: all gathered once, with the bits of runs made here\n`)
  },
)
