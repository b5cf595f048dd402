import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sweepDefaults, type Study } from '../../../shared/study.ts'
import { createLab } from '../lab.ts'
import { fakeEngine } from '../testing/fake-engine.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { slurmTemplate } from '../../cli/slurm-job.ts'
import { fillTemplate } from './slurm-template.ts'

const study: Study = {
  ...sweepDefaults,
  data: 'bars',
  settings: [{ key: 'target.layers', value: [{ kind: 'dense', units: 3, activation: 'none' }] }],
  vary: [{ key: 'method.lambda', values: [10, 100] }],
  seeds: [1, 2],
  budget: { kind: 'steps', steps: 4 },
  images: 7,
  analyses: ['evaluation'],
}
let bench: LabBench
/** Where commands lie that stand in for Slurm's. */
let bin: string

async function command(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(bin, name), 0o755)
}

beforeEach(async () => {
  bench = await openLabBench()
  bin = join(bench.folder, 'bin')
  await mkdir(bin)
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
  // Of several clusters its name stands behind.
  await command('sbatch', 'echo "77;moon"')
  await command('squeue', 'exit 0')
  await bench.lab.studies.keep('far', study)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await bench.close()
})

/** Trains a run in the folder of its task, as a node does. */
async function work(folder: string, run: string): Promise<void> {
  const node = createLab({ dataDir: join(folder, 'tasks', run), engine: fakeEngine() })
  await node.runs.train(run)
  await node.close()
}

it('gathers what is over, each once, and submits only what is neither over nor in the queue', async () => {
  const { slurm, runs, studies, store } = bench.lab
  const { folder, job, tasks, script } = await slurm.submit('far', { partition: 'cpu', cores: 3 }, slurmTemplate)
  expect([job, tasks]).toEqual(['77', 4])
  const written = await readFile(script, 'utf8')
  for (const line of ['--array=0,1,2,3', '--partition=cpu', '--cpus-per-task=3']) expect(written).toContain(`#SBATCH ${line}\n`)
  expect(written).not.toContain('--account')
  const ids = (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')
  expect(runs.list()).toEqual([])

  await work(folder, ids[0])
  await work(folder, ids[2])
  await command('squeue', 'echo 77 3 PENDING; echo 5 1 RUNNING')
  expect((await slurm.status('far')).map(({ state, queue, gathered }) => [state, queue, gathered])).toEqual([
    ['finished', null, false],
    ['queued', null, false],
    ['finished', null, false],
    ['queued', 'pending', false],
  ])
  const none = { trash: [], lost: [] }
  expect(await slurm.gather('far')).toEqual({ gathered: [ids[0], ids[2]], left: [ids[1], ids[3]], ...none })
  expect(await slurm.gather('far')).toEqual({ gathered: [], left: [ids[1], ids[3]], ...none })
  expect(studies.get('far').done).toBe(2)
  // Whole: checkpoint, curves and log.
  expect((await store.checkpoints.latest(ids[0]))?.state.step).toBe(4)
  expect(store.metrics.read(ids[0], 'crossEntropy')).toHaveLength(4)
  expect(store.events.list(ids[0]).length).toBeGreaterThan(0)

  expect(await slurm.submit('far', {}, slurmTemplate)).toMatchObject({ tasks: 1 })
  expect(await readFile(script, 'utf8')).toContain('--array=1\n')
  await work(folder, ids[1])
  await work(folder, ids[3])
  await slurm.gather('far')
  await expect(slurm.submit('far', {}, slurmTemplate)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('nothing is left') as string,
  })

  // The sweep knows them: nothing is trained again, and the bits are those of runs made here.
  const before = bench.engine.ran.filter((kind) => kind === 'train').length
  await studies.run('far')
  expect(bench.engine.ran.filter((kind) => kind === 'train').length).toBe(before)
  const here = await openLabBench()
  await here.lab.studies.keep('near', study)
  const { rows } = await here.lab.studies.run('near')
  const hashes = (lab: typeof here.lab, of: typeof rows) =>
    of.flatMap(({ runs: made }) => made.map(({ run }) => lab.store.checkpoints.list(run)[0].hash))
  expect(hashes(bench.lab, studies.get('far').rows)).toEqual(hashes(here.lab, rows))
  await here.close()
})

it('keeps apart sweeps whose names have the same letters, and one that came after another of its name', async () => {
  const { slurm, studies } = bench.lab
  await studies.keep('Far', { ...study, vary: [{ key: 'method.lambda', values: [3, 4] }] })
  const [one, other] = [await slurm.submit('far', {}, slurmTemplate), await slurm.submit('Far', {}, slurmTemplate)]
  const [id] = (await readFile(join(one.folder, 'runs'), 'utf8')).trim().split('\n')
  await work(one.folder, id)
  expect((await slurm.gather('far')).gathered).toEqual([id])
  expect((await slurm.status('Far')).map(({ gathered }) => gathered)).toEqual([false, false, false, false])
  expect((await slurm.gather('Far')).gathered).toEqual([])
  expect(studies.get('Far').done).toBe(0)

  await command('squeue', 'echo 77 3 PENDING')
  await expect(slurm.remove('Far')).rejects.toThrow('Of Far 1 task is in the queue still.')
  await command('squeue', 'exit 0')
  await slurm.remove('Far')
  expect(existsSync(other.folder)).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await studies.keep('Far', { ...study, vary: [{ key: 'method.lambda', values: [5] }] })
  await expect(slurm.status('Far')).rejects.toThrow('was not submitted from here')
  expect(await slurm.submit('Far', {}, slurmTemplate)).toMatchObject({ tasks: 2 })
})

it('knows jobs by their name after a kill, makes a lost folder anew, and says what lies in the trash', async () => {
  const { slurm, runs } = bench.lab
  const { folder } = await slurm.submit('far', {}, slurmTemplate)
  const ids = (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')
  const job = /--job-name=(\S+)/.exec(await readFile(join(folder, 'job.sh'), 'utf8'))?.[1]
  await command('squeue', `echo 99 2 RUNNING ${job}`)
  expect((await slurm.status('far'))[2].queue).toBe('running')
  await rm(join(folder, 'tasks', ids[1]), { recursive: true })
  await work(folder, ids[0])
  await slurm.gather('far')
  runs.remove([ids[0]])
  expect(await slurm.gather('far')).toEqual({ gathered: [], left: [ids[2], ids[3]], trash: [ids[0]], lost: [ids[1]] })
  const again = await slurm.submit('far', {}, slurmTemplate)
  // The fourth, which is not in the queue, and the lost one anew.
  expect(await readFile(again.script, 'utf8')).toContain('--array=3,4\n')
})

it('takes a run whole or not at all, and again after a broken copy', async () => {
  const { slurm, runs } = bench.lab
  const { folder } = await slurm.submit('far', {}, slurmTemplate)
  const [id] = (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')
  await work(folder, id)
  // A copy that was killed: files without a row.
  const broken = join(bench.folder, 'data', 'runs', id)
  await mkdir(broken, { recursive: true })
  await writeFile(join(broken, 'half'), 'x')
  expect((await slurm.gather('far')).gathered).toEqual([id])
  await expect(readFile(join(broken, 'half'))).rejects.toThrow()
  expect(runs.get(id).state).toBe('finished')
})

it('says what Slurm refuses and what a template lacks, and submits nothing then', async () => {
  const { slurm } = bench.lab
  await expect(slurm.submit('far', {}, 'x {{nodes}}')).rejects.toThrow('The template has a place "{{nodes}}", which nothing is known for.')
  await expect(slurm.status('far')).rejects.toThrow('The sweep far was not submitted from here.')
  await command('sbatch', 'echo "invalid partition specified: moon" >&2; exit 1')
  await expect(slurm.submit('far', { partition: 'moon' }, slurmTemplate)).rejects.toThrow(
    'Slurm refuses (sbatch): invalid partition specified: moon',
  )
  await command('sbatch', 'echo 78')
  expect(await slurm.submit('far', {}, slurmTemplate)).toMatchObject({ job: '78', tasks: 4 })
  await rm(join(bin, 'sbatch'))
  await rm(join(bin, 'squeue'))
  vi.stubEnv('PATH', bin)
  await expect(slurm.submit('far', {}, slurmTemplate)).rejects.toThrow('There is no squeue on this machine.')
  expect(
    fillTemplate(slurmTemplate, Object.fromEntries([...slurmTemplate.matchAll(/\{\{(\w+)\}\}/g)].map(([, place]) => [place, undefined]))),
  ).not.toContain('{{')
  expect(fillTemplate('{{a}} {{b}}\n{{ a }}\nplain', { a: '1', b: undefined })).toBe('1\nplain')
})
