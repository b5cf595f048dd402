/** Sweeps on a real Slurm, where one answers (scripts/slurm/one-node.sh starts one): tasks are killed, lost and queued again. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'

const hasSlurm = spawnSync('sinfo', ['-h'], { timeout: 10_000 }).status === 0

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
function hashes(data: string): Record<string, string> {
  const { rows } = lab(data, 'sweep', 'show', 'far') as { rows: { title: string; runs: { run: string; seed: number }[] }[] }
  const found = rows.flatMap(({ title, runs }) =>
    runs.map(({ run, seed }) => {
      const { checkpoints } = lab(data, 'show', run) as { checkpoints: { hash: string }[] }
      return [`${title}, seed ${seed}`, checkpoints.at(-1)!.hash] as const
    }),
  )
  return Object.fromEntries(found)
}

it.skipIf(!hasSlurm)(
  'gathers runs whose tasks were killed and queued again, with the bits of runs made here',
  async () => {
    const files = await writeTinyIdx(folder)
    const of = [
      ...['--data', 'bars', '--vary', 'method.lambda=10,100', '--seeds', '1..2', '--steps', '60', '--analyses', 'evaluation', '-n', '2'],
      ...tinySettings.filter((setting) => !/training\.steps|cooldown|seed/.test(setting)).flatMap((setting) => ['--set', setting]),
    ]
    for (const data of ['cluster', 'here']) lab(data, 'data', 'add', ...files, '--name', 'bars')
    const submitted = lab('cluster', 'sweep', 'submit', 'far', '--slurm', ...of) as { job: string; folder: string }
    expect(submitted).toMatchObject({ event: 'result', tasks: 4 })
    const running = () =>
      execFileSync('squeue', ['-h', '-r', '-t', 'R', '-j', submitted.job, '-o', '%K'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .filter(Boolean)
    const waitFor = async (what: () => boolean) => {
      for (const end = Date.now() + 120_000; !what();) {
        if (Date.now() > end) throw new Error('It takes too long.')
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    // One is cancelled while it runs, one dies, one is queued again.
    await waitFor(() => running().length > 0)
    const [first] = running()
    execFileSync('scancel', [`${submitted.job}_${first}`])
    await waitFor(() => running().some((place) => place !== first))
    const second = running().find((place) => place !== first)!
    const run = readFileSync(join(submitted.folder, 'runs'), 'utf8').split('\n')[Number(second)]
    spawnSync('pkill', ['-9', '-f', `resume ${run} --data-dir tasks/${run}`])
    const isQueued = () =>
      (lab('cluster', 'sweep', 'status', 'far').tasks as { queue: string | null }[]).some(({ queue }) => queue !== null)
    await waitFor(() => !isQueued())
    const half = lab('cluster', 'sweep', 'gather', 'far') as { gathered: string[]; left: string[] }
    expect(half.left.length).toBeGreaterThan(0)
    expect(lab('cluster', 'sweep', 'submit', 'far', '--slurm')).toMatchObject({ tasks: half.left.length })
    await waitFor(() => !isQueued())
    const rest = lab('cluster', 'sweep', 'gather', 'far') as { gathered: string[] }
    expect([...half.gathered, ...rest.gathered].toSorted()).toHaveLength(4)
    expect(existsSync(join(folder, 'cluster', 'runs', half.left[0]))).toBe(true)
    lab('here', 'sweep', 'run', 'far', ...of)
    expect(hashes('cluster')).toEqual(hashes('here'))
  },
  400_000,
)
