/** A sweep on a cluster: an array job of Slurm's, a run and a data folder a task, and what came of them brought back. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LabError, messageOf } from '../../../shared/errors.ts'
import type { RunState } from '../../../shared/contract/runs.ts'
import { fromChecksummedJson, toChecksummedJson } from '../../store/files/checksummed-json.ts'
import { makeFolder, writeWhole } from '../../store/files/files.ts'
import { familyOf } from '../../store/runs/run-rows.ts'
import { openStore } from '../../store/open-store.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { fillTemplate, type SlurmOptions } from './slurm-template.ts'
import type { StudyService } from './studies.ts'

interface Submitted {
  /** Ids of runs, in the order of the array. */
  runs: string[]
  /** Jobs of Slurm's, oldest first. */
  jobs: string[]
}

export interface SlurmTask {
  run: string
  /** Of the run in its own folder. */
  state: RunState
  step: number
  steps: number
  /** Slurm's word for it; null: it is not in the queue. */
  queue: string | null
  /** It is in this lab. */
  gathered: boolean
}

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
const isOver = (state: RunState): boolean => ['finished', 'failed', 'stopped'].includes(state)

export class SlurmService extends LabService<LabContext & { studies: StudyService }> {
  /**
   * Submits what is neither over nor in the queue: all the first time, what was lost afterwards. Documents are made by the sweep, as for running it here.
   * @param template a job script with places @throws LabError `invalid-argument`, `conflict` where there is nothing to submit or Slurm refuses
   */
  async submit(
    name: string,
    options: SlurmOptions,
    template: string,
  ): Promise<{ folder: string; job: string; tasks: number; script: string }> {
    const { store, studies } = this.context
    const folder = this.#folder(name)
    const values = {
      name: name.replaceAll(/[^\w.-]/g, '-'),
      array: '',
      node: quote(process.execPath),
      main: quote(main),
      cores: undefined,
      partition: undefined,
      time: undefined,
      account: undefined,
    }
    const given = { ...values, ...options, cores: options.cores === undefined ? undefined : String(options.cores) }
    // Refused before anything is made.
    fillTemplate(template, given)
    const submitted = this.#submitted(name) ?? { runs: [], jobs: [] }
    const open = await studies.open(name)
    const known = new Set(this.#tasks(submitted, name).map(({ family, seed }) => `${family} ${seed}`))
    for (const path of ['log', 'tasks']) makeFolder(store.dataDir, join(folder, path))
    for (const document of open) {
      if (known.has(`${familyOf(document)} ${document.seed}`)) continue
      const run = unusedId(name, submitted.runs.length, (id) => store.runs.summary(id) !== null)
      const task = openStore(join(folder, 'tasks', run))
      try {
        await task.take(store.dataDir, { datasets: [document.data.id] })
        if (task.runs.summary(run) === null) task.runs.create({ id: run, document, name: run, tags: [name] })
      } finally {
        task.close()
      }
      submitted.runs.push(run)
      await this.#keep(name, submitted)
    }
    const left = (await this.status(name)).flatMap(({ state, queue, gathered }, at) =>
      isOver(state) || gathered || queue !== null ? [] : [at],
    )
    if (left.length === 0)
      throw new LabError(
        'conflict',
        `Of ${name} nothing is left to be submitted: its runs are over, or in the queue.`,
        'See how they stand.',
      )
    const script = fillTemplate(template, { ...given, array: left.join(',') })
    await writeWhole(join(folder, 'job.sh'), Buffer.from(script), 'write the job')
    await writeWhole(join(folder, 'runs'), Buffer.from(`${submitted.runs.join('\n')}\n`), 'write the list of runs')
    const job = (await slurm('sbatch', ['--parsable', '--chdir', folder, join(folder, 'job.sh')])).trim().split(';')[0]
    submitted.jobs.push(job)
    await this.#keep(name, submitted)
    return { folder, job, tasks: left.length, script: join(folder, 'job.sh') }
  }

  /** How each task stands. @throws LabError `not-found` where it was never submitted, `conflict` where Slurm does not answer */
  async status(name: string): Promise<SlurmTask[]> {
    const submitted = this.#submitted(name)
    if (submitted === null) throw new LabError('not-found', `The sweep ${name} was not submitted from here.`, 'Submit it first.')
    const queue = await queued(submitted.jobs)
    return this.#tasks(submitted, name).map(({ family: _family, seed: _seed, ...task }, at) => ({ ...task, queue: queue.get(at) ?? null }))
  }

  /** Brings runs that are over into this lab, each whole or not at all, and none twice. @throws LabError `not-found`, `corrupt`, `disk` */
  async gather(name: string, onGathered: (run: string) => void = () => undefined): Promise<{ gathered: string[]; left: string[] }> {
    const submitted = this.#submitted(name)
    if (submitted === null) throw new LabError('not-found', `The sweep ${name} was not submitted from here.`, 'Submit it first.')
    const gathered: string[] = []
    const left: string[] = []
    for (const { run, state, gathered: isThere } of this.#tasks(submitted, name)) {
      if (isThere) continue
      if (!isOver(state)) left.push(run)
      else {
        const { runs } = await this.context.store.take(join(this.#folder(name), 'tasks', run), { runs: [run] })
        gathered.push(...runs)
        onGathered(run)
      }
    }
    return { gathered, left }
  }

  #folder(name: string): string {
    return join(this.context.store.dataDir, 'slurm', name)
  }

  #submitted(name: string): Submitted | null {
    this.context.store.studies.get(name)
    const path = join(this.#folder(name), 'submitted.json')
    return existsSync(path) ? fromChecksummedJson<Submitted>(readFileSync(path, 'utf8'), `What was submitted of ${name}`) : null
  }

  #keep(name: string, submitted: Submitted): Promise<void> {
    return writeWhole(join(this.#folder(name), 'submitted.json'), Buffer.from(toChecksummedJson(submitted)), 'keep what was submitted')
  }

  #tasks({ runs }: Submitted, name: string): (Omit<SlurmTask, 'queue'> & { family: string; seed: number })[] {
    return runs.map((run) => {
      const here = this.context.store.runs.summary(run)
      const task = openStore(join(this.#folder(name), 'tasks', run), { readOnly: true })
      try {
        const { state, step, steps, document } = task.runs.get(run)
        return { run, state, step, steps, gathered: here !== null, family: familyOf(document), seed: document.seed }
      } finally {
        task.close()
      }
    })
  }
}

/** No id that a lab makes by itself: two labs may name runs alike. */
function unusedId(name: string, at: number, isTaken: (id: string) => boolean): string {
  const words =
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'sweep'
  for (let number = at + 1; ; number++) {
    const id = `${words}-task-${number}`
    if (!isTaken(id)) return id
  }
}

async function slurm(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(command, args)).stdout
  } catch (thrown) {
    const { code, stderr = '' } = thrown as { code?: string | number; stderr?: string }
    const isMissing = code === 'ENOENT'
    throw new LabError(
      'conflict',
      isMissing ? `There is no ${command} on this machine.` : `Slurm refuses (${command}): ${stderr.trim() || messageOf(thrown)}`,
      isMissing ? 'Call it where Slurm can be called.' : 'Change what it names, or ask who looks after the cluster; nothing is lost.',
      { cause: thrown },
    )
  }
}

/** Slurm's word by place in the array, of tasks that wait or run. */
async function queued(jobs: readonly string[]): Promise<Map<number, string>> {
  if (jobs.length === 0) return new Map()
  const text = await slurm('squeue', ['-h', '-r', '-o', '%F %K %T'])
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [job, place, state] = line.trim().split(/\s+/)
      return jobs.includes(job) && state !== undefined ? [[Number(place), state.toLowerCase()]] : []
    }),
  )
}
