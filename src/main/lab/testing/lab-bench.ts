/** A lab with a fake engine over a folder of its own, with a small data set in it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Run } from '../../store/types.ts'
import { parseAssignment } from '../experiment/set-values.ts'
import { createLab } from '../lab.ts'
import type { Lab, LabOptions } from '../lab.ts'
import { fakeEngine } from './fake-engine.ts'
import type { FakeEngine } from './fake-engine.ts'
import { addBars, tinySettings } from './tiny-data.ts'

export interface LabBench {
  /** Holds the data folder, `data`. */
  folder: string
  engine: FakeEngine
  lab: Lab
  /** What was worth a line. */
  notes: string[]
  /** A queued run on the data set, with settings over those that make it small. */
  create(...settings: string[]): Promise<Run>
  /** The id of a run that has ended. */
  trained(...settings: string[]): Promise<string>
  close(): Promise<void>
}

export async function openLabBench(options: Partial<LabOptions> = {}): Promise<LabBench> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'))
  const engine = fakeEngine()
  const notes: string[] = []
  const lab = createLab({ dataDir: join(folder, 'data'), engine, onNote: (note) => notes.push(note), ...options })
  await addBars(lab.store)
  const create: LabBench['create'] = (...settings) => {
    const own = settings.map(parseAssignment)
    const tiny = tinySettings.map(parseAssignment).filter(({ key }) => !own.some((setting) => setting.key === key))
    return lab.runs.create({ from: 'mnist-quick', data: 'bars', settings: [...tiny, ...own] })
  }
  return {
    folder,
    engine,
    lab,
    notes,
    create,
    async trained(...settings) {
      const { id } = await create(...settings)
      await lab.runs.train(id)
      return id
    },
    async close() {
      await lab.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until it holds; the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
