/** A sweep on a cluster: an array job of Slurm's, a run and a data folder a task, and what came of them brought back. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LabError, messageOf } from '../../../shared/errors.ts'
import { plural } from '../../../shared/wording.ts'
import type { RunState } from '../../../shared/contract/runs.ts'
import { fromChecksummedJson, toChecksummedJson } from '../../store/files/checksummed-json.ts'
import { makeFolder, sha256, writeWhole } from '../../store/files/files.ts'
import { familyOf } from '../../store/runs/run-rows.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/open-store.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { fillTemplate, type SlurmOptions } from './slurm-template.ts'
import { isOver, type StudyService } from './studies.ts'

interface Submitted {
  /** Ids of runs, in the order of the array. */
  runs: string[]
  /** Jobs of Slurm's, oldest first. */
  jobs: string[]
}

export interface SlurmTask {
  run: string
  /** Of the run in its own folder; lost: the folder cannot be read. */
  state: RunState | 'lost'
  step: number
  steps: number
  /** Slurm's word for it; null: it is not in the queue. */
  queue: string | null
  /** It is in this lab. */
  gathered: boolean
}

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

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
    const tag = basename(folder)
    const values = {
      name: tag,
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
    const submitted = submittedIn(folder, name) ?? { runs: [], jobs: [] }
    const open = await studies.open(name)
    const known = new Set(this.#tasks(submitted, folder).map(({ family, seed }) => `${family} ${seed}`))
    for (const path of ['log', 'tasks']) makeFolder(store.dataDir, join(folder, path))
    for (const document of open) {
      if (known.has(`${familyOf(document)} ${document.seed}`)) continue
      let number = submitted.runs.length
      let run: string
      // A folder that is not listed is one that a kill came before: whose run it is nobody knows.
      do run = `${tag}-${++number}`
      while (existsSync(join(folder, 'tasks', run)))
      const task = openStore(join(folder, 'tasks', run))
      try {
        await task.take(store.dataDir, { datasets: [document.data.id] })
        task.runs.create({ id: run, document, name: run, tags: [name] })
      } finally {
        task.close()
      }
      submitted.runs.push(run)
      await keep(folder, submitted)
    }
    const left = (await this.status(name)).flatMap(({ state, queue, gathered }, at) =>
      state === 'lost' || isOver({ state }) || gathered || queue !== null ? [] : [at],
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
    await keep(folder, submitted)
    return { folder, job, tasks: left.length, script: join(folder, 'job.sh') }
  }

  /** How each task stands. @throws LabError `not-found` where it was never submitted, `conflict` where Slurm does not answer */
  async status(name: string): Promise<SlurmTask[]> {
    const folder = this.#folder(name)
    const submitted = wasSubmitted(name, folder)
    const queue = await queued(submitted.jobs, basename(folder))
    return this.#tasks(submitted, folder).map(({ family: _family, seed: _seed, ...task }, at) => ({
      ...task,
      queue: queue.get(at) ?? null,
    }))
  }

  /**
   * Brings runs that are over into this lab, each whole or not at all, and none twice.
   * @returns what came, what is not over yet, what lies in the trash here, and tasks whose folders cannot be read
   * @throws LabError `not-found`, `corrupt`, `disk`
   */
  async gather(
    name: string,
    onGathered: (run: string) => void = () => undefined,
  ): Promise<{ gathered: string[]; left: string[]; trash: string[]; lost: string[] }> {
    const folder = this.#folder(name)
    const found = { gathered: [] as string[], left: [] as string[], trash: [] as string[], lost: [] as string[] }
    for (const { run, state, gathered } of this.#tasks(wasSubmitted(name, folder), folder)) {
      if (gathered) continue
      if (state === 'lost') found.lost.push(run)
      else if (!isOver({ state })) found.left.push(run)
      else {
        const { runs } = await this.context.store.take(join(folder, 'tasks', run), { runs: [run] })
        found[runs.length === 0 ? 'trash' : 'gathered'].push(run)
        if (runs.length > 0) onGathered(run)
      }
    }
    return found
  }

  /**
   * Forgets a sweep, and with it the folders of its tasks; runs that were gathered stay.
   * @throws LabError `conflict` while tasks are in the queue
   */
  async remove(name: string): Promise<void> {
    const { studies } = this.context
    studies.assertIdle(name)
    const folder = this.#folder(name)
    const submitted = submittedIn(folder, name)
    if (submitted !== null) {
      const { size } = await queued(submitted.jobs, basename(folder))
      if (size > 0)
        throw new LabError(
          'conflict',
          `Of ${name} ${plural(size, 'task is', 'tasks are')} in the queue still.`,
          `Wait, or cancel them: scancel ${submitted.jobs.join(' ')}`,
        )
      await rm(folder, { recursive: true, force: true })
    }
    await studies.remove(name)
  }

  /** Called as nothing else is: not a sweep of the same name that was removed, nor one whose name has the same letters, nor a run of another lab. */
  #folder(name: string): string {
    const { dataDir, studies } = this.context.store
    const words =
      name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, '') || 'sweep'
    const { createdAt } = studies.get(name)
    return join(dataDir, 'slurm', `${words}-${sha256(`${name} ${createdAt}`).slice(0, 8)}`)
  }

  #tasks({ runs }: Submitted, folder: string): (Omit<SlurmTask, 'queue'> & { family?: string; seed?: number })[] {
    return runs.map((run) => {
      const gathered = this.context.store.runs.summary(run) !== null
      let task: Store | undefined
      try {
        task = openStore(join(folder, 'tasks', run), { readOnly: true })
        const { state, step, steps, document } = task.runs.get(run)
        return { run, state, step, steps, gathered, family: familyOf(document), seed: document.seed }
      } catch {
        return { run, state: 'lost', step: 0, steps: 0, gathered }
      } finally {
        task?.close()
      }
    })
  }
}

function submittedIn(folder: string, name: string): Submitted | null {
  const path = join(folder, 'submitted.json')
  return existsSync(path) ? fromChecksummedJson<Submitted>(readFileSync(path, 'utf8'), `What was submitted of ${name}`) : null
}

/** @throws LabError `not-found` */
function wasSubmitted(name: string, folder: string): Submitted {
  const submitted = submittedIn(folder, name)
  if (submitted === null) throw new LabError('not-found', `The sweep ${name} was not submitted from here.`, 'Submit it first.')
  return submitted
}

const keep = (folder: string, submitted: Submitted): Promise<void> =>
  writeWhole(join(folder, 'submitted.json'), Buffer.from(toChecksummedJson(submitted)), 'keep what was submitted')

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

/** Slurm's word by place in the array, of tasks that wait or run. @param called the name of jobs that a kill let nobody note */
async function queued(jobs: readonly string[], called: string): Promise<Map<number, string>> {
  const text = await slurm('squeue', ['-h', '-r', '-o', '%F %K %T %j'])
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [job, place, state, name] = line.trim().split(/\s+/)
      return state !== undefined && (jobs.includes(job) || name === called) ? [[Number(place), state.toLowerCase()]] : []
    }),
  )
}
