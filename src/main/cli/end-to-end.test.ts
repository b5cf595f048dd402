/** Whole command lines as processes, with the real engine, on data small enough to wait for. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinySettings, writeTinyIdx } from '../lab/testing/tiny-data.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'end-to-end-'))
  await lab(['data', 'add', ...(await writeTinyIdx(folder)), '--name', 'bars'])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Line = Record<string, unknown> & { event: string }

/** Runs a command with --json; `onLine` may send Ctrl+C, as a terminal does: to the whole process group. */
async function lab(
  words: string[],
  onLine?: (line: Line, ctrlC: () => void) => void,
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; lines: Line[]; last: Line }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...words, '--json'], {
    env: { ...process.env, ...guarded(), WEIGHTSCAPE_DATA: join(folder, 'data'), ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const lines: Line[] = []
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as Line
    lines.push(line)
    onLine?.(line, () => process.kill(-child.pid!, 'SIGINT'))
  }
  return { code: await ended, lines, last: lines[lines.length - 1] }
}

/** Each process, and all that it starts, notes what it does with a network. */
const networkLog = (): string => join(folder, 'network.log')
const guarded = () => ({
  NODE_OPTIONS: `--import ${new URL('testing/network-guard.ts', import.meta.url).href}`,
  NETWORK_LOG: networkLog(),
})

const tiny = ['train', '--data', 'bars', ...tinySettings.flatMap((setting) => ['--set', setting])]

/** Hash of a run's last checkpoint: equal hashes are equal bits. */
async function lastHash(run: unknown): Promise<string> {
  const { last } = await lab(['show', String(run)])
  return (last.checkpoints as { hash: string }[])[0].hash
}

// Each command starts processes that load TensorFlow; on a busy machine that takes its time.
describe('with the real engine', { timeout: 240_000 }, () => {
  it('trains, evaluates, votes and takes networks out', async () => {
    const trained = await lab(tiny)
    expect(trained).toMatchObject({ code: 0, last: { event: 'result', step: 20 } })
    const run = String(trained.last.run)

    const evaluated = await lab(['evaluate', run, '-n', '8'])
    expect(evaluated.last).toMatchObject({ event: 'result', n: 8 })
    const { mean, min, max, accuracies, images } = evaluated.last as unknown as {
      mean: number
      min: number
      max: number
      accuracies: number[]
      images: number
    }
    expect(accuracies.length).toBe(8)
    expect(accuracies.reduce((a, b) => a + b, 0) / 8).toBeCloseTo(mean, 6)
    expect([Math.min(...accuracies), Math.max(...accuracies)]).toEqual([min, max])
    for (const accuracy of accuracies) expect(accuracy * images).toBeCloseTo(Math.round(accuracy * images), 6)

    const voted = await lab(['ensemble', run, '--sizes', '1,8', '-n', '8'])
    const [one] = voted.last.sizes as { majority: number; meanProbability: number; mostConfident: number }[]
    // Ensembles of one are the networks themselves.
    expect(one.majority).toBeCloseTo(mean, 6)
    expect(one.meanProbability).toBeCloseTo(mean, 6)

    const distilled = await lab(['distil', run, '-n', '4', '--steps', '150', '--learning-rate', '0.02', '--label-weight', '1'])
    const { student, ensemble, bestMember, meanMember } = distilled.last as unknown as Record<string, number>
    expect(bestMember).toBeGreaterThanOrEqual(meanMember)
    // Teachers that have hardly begun to learn know nothing; the labels do, and bars are easy to tell apart.
    expect(student).toBeGreaterThan(0.9)
    expect(ensemble).toBeLessThanOrEqual(1)

    const place = join(folder, 'map.json')
    const mapped = await lab(['map', run, '-n', '12', '--iterations', '50', '--out', place])
    expect(mapped.last).toMatchObject({
      event: 'result',
      n: 12,
      path: place,
      values: ['accuracy', 'loss', 'disagreement', 'norm', 'nearest', 'component 1', 'component 2', 'component 3'],
    })
    const { points } = JSON.parse(await readFile(place, 'utf8')) as { points: { x: number; accuracy: number }[] }
    expect(points.length).toBe(12)
    expect(points.slice(0, 8).map(({ accuracy }) => accuracy)).toEqual(accuracies.map(Math.fround))

    const report = await lab(['report', run, '--out', join(folder, 'report')])
    const written = report.last.reports as string[]
    expect(written.filter((file) => /\.(html|pdf|md)$/.test(file)).length).toBe(3)

    const path = join(folder, 'networks.npz')
    expect((await lab(['sample', run, '-n', '5', '--out', path])).last).toMatchObject({ event: 'result', n: 5 })
    // On standard output stands the file alone: the words go beside it.
    for (const [shell, poured] of [
      ['"$@" --out /dev/stdout 2> "$0.words" | cat > "$0"', 'piped'],
      ['"$@" --out /dev/stdout > "$0" 2> "$0.words"', 'sent'],
    ]) {
      const words = [process.execPath, join(import.meta.dirname, 'main.ts'), 'sample', run, '-n', '5', '--format', 'npz']
      spawnSync('sh', ['-c', shell, join(folder, poured), ...words], { env: { ...process.env, WEIGHTSCAPE_DATA: join(folder, 'data') } })
      expect((await readFile(join(folder, poured))).equals(await readFile(path))).toBe(true)
      expect(await readFile(join(folder, `${poured}.words`), 'utf8')).toContain('5 networks in')
    }
    const third = join(folder, 'third.npz')
    await lab(['export', run, '--network', '3', '--format', 'npz', '--out', third])
    const rows = Buffer.from(unzipSync(await readFile(path))['weights.npy']).subarray(128)
    const alone = unzipSync(await readFile(third))
    const arrays = ['layers.0.kernel', 'layers.0.bias', 'layers.1.kernel', 'layers.1.bias'].map((name) =>
      Buffer.from(alone[`${name}.npy`]).subarray(128),
    )
    const length = rows.length / 5
    expect(Buffer.concat(arrays).equals(rows.subarray(3 * length, 4 * length))).toBe(true)
  })

  it('lays networks of independent training and of a hypernetwork into one map, aligned or not', async () => {
    const target = tinySettings.find((setting) => setting.startsWith('target.layers='))!
    const independent = ['method.networks=3', 'training.steps=20', 'training.imageBatch=4', 'evaluation.networks=3', target]
    const [own, other] = [
      await lab(tiny),
      await lab(['train', '--preset', 'mnist-ensemble', '--data', 'bars', ...independent.flatMap((setting) => ['--set', setting])]),
    ].map(({ last }) => String(last.run))
    const table = join(folder, 'together.csv')
    const ask = ['map', own, '--with', other, '-n', '6', '--method', 'pca']
    const raw = await lab([...ask, '--out', table])
    expect(raw).toMatchObject({
      code: 0,
      last: {
        n: 9,
        runs: [
          { run: own, count: 6 },
          { run: other, step: 20, count: 3 },
        ],
      },
    })
    const rows = (await readFile(table, 'utf8')).trim().split('\n')
    expect(rows.slice(1).map((row) => row.split(',').slice(0, 2).join(' '))).toEqual([
      ...[0, 1, 2, 3, 4, 5].map((index) => `${own} ${index}`),
      ...[0, 1, 2].map((index) => `${other} ${index}`),
    ])
    const place = join(folder, 'aligned.json')
    expect((await lab([...ask, '--weights', 'aligned', '--out', place])).last).toMatchObject({ n: 9, options: { with: [`${other}@20`] } })
    const { points } = JSON.parse(await readFile(place, 'utf8')) as { points: { run: string; x: number; accuracy: number }[] }
    expect(points.map(({ run }) => run)).toEqual([...Array<string>(6).fill(own), ...Array<string>(3).fill(other)])
    // Whatever their order and scale, they are the same networks.
    const accuracies = rows.slice(1).map((row) => Number(row.split(',')[4]))
    expect(points.map(({ accuracy }) => accuracy)).toEqual(accuracies)
    expect(points.some(({ x }, i) => Math.abs(x - Number(rows[i + 1].split(',')[2])) > 1e-3)).toBe(true)
    const wider = await lab([...tiny, '--set', target.replace('"filters":2', '"filters":3')])
    expect((await lab(['map', own, '--with', String(wider.last.run), '-n', '6'])).code).not.toBe(0)
    const report = await lab(['report', own, '--format', 'md', '--out', join(folder, 'together')])
    expect(
      await readFile(
        (report.last.reports as string[]).find((file) => file.endsWith('.md'))!,
        'utf8',
      ),
    ).toContain(other)
  })

  it('does the whole demo, with what its plan is changed to', async () => {
    const { document } = (await lab(['show', String((await lab(tiny)).last.run)])).last
    const plan = { from: { document }, data: 'bars', networks: 6, images: 10, sizes: [1, 3], mapped: 12, mapImages: 10, teachers: 3 }
    const changes = { ...plan, student: { labelled: 20, steps: 10 } }
    const { code, last, lines } = await lab(['demo', '--format', 'md'], undefined, { WEIGHTSCAPE_DEMO_PLAN: JSON.stringify(changes) })
    expect(code, JSON.stringify(lines.slice(-2))).toBe(0)
    expect(last).toMatchObject({ event: 'result' })
    expect(JSON.stringify(last)).toContain('6 networks')
  })

  it('pauses on Ctrl+C and ends with the bits of a run that was left alone', async () => {
    const more = ['--steps', '200']
    const settings = tiny.filter((word, i) => word !== 'training.steps=20' && tiny[i + 1] !== 'training.steps=20')
    const whole = await lab([...settings, ...more])
    let sent = false
    const cut = await lab([...settings, ...more], (line, ctrlC) => {
      if (line.event === 'progress' && Number(line.step) >= 1 && !sent) {
        sent = true
        ctrlC()
      }
    })
    expect(cut).toMatchObject({ code: 130, last: { event: 'error', code: 'cancelled' } })
    const run = (/resume ([\w-]+)/.exec(String(cut.last.remedy)) ?? [])[1]
    expect(Number((await lab(['show', run])).last.step)).toBeLessThan(200)
    expect((await lab(['resume', run])).code).toBe(0)
    expect(await lastHash(run)).toBe(await lastHash(whole.last.run))
  })

  it('stops within a step when the loss is no number any more, and keeps the last finite checkpoint', async () => {
    const { code, last } = await lab([
      ...tiny,
      '--set',
      'training.learningRate=1',
      '--set',
      'method.lambda=1000000000',
      '--set',
      'method.initialScale=1e30',
    ])
    expect(code).toBe(1)
    expect(last).toMatchObject({ event: 'error', code: 'diverged' })
    const { last: shown } = await lab(['show', 'latest'])
    expect(shown).toMatchObject({ state: 'failed', error: { code: 'diverged' }, checkpoints: [{ step: 0, damaged: false }] })
  })
})

// After all others: import, training over processes, analyses, reports, exports.
it('went to no network in all that, and would have been seen', async () => {
  expect(existsSync(networkLog()) ? await readFile(networkLog(), 'utf8') : '').toBe('')
  const program = "import('node:dns').then((dns) => dns.lookup('localhost', () => 0)); fetch('http://127.0.0.1:65000').catch(() => 0)"
  spawnSync(process.execPath, ['-e', program], { env: { ...process.env, ...guarded() } })
  const seen = await readFile(networkLog(), 'utf8')
  expect(seen).toContain('lookup localhost')
  expect(seen).toContain('connect {')
})
