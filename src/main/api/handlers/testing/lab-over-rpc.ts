/** A lab with a fake engine behind the whole of the wire, for tests of what windows get. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemOf, StreamName, StreamParamsOf } from '../../../../shared/contract.ts'
import type { Task } from '../../../../shared/contract/tasks.ts'
import { createClient } from '../../../../shared/rpc/client.ts'
import type { ConnectedClient } from '../../../../shared/rpc/client.ts'
import { parseAssignment } from '../../../lab/experiment/set-values.ts'
import { createLab } from '../../../lab/lab.ts'
import type { Lab, LabOptions } from '../../../lab/lab.ts'
import { fakeEngine } from '../../../lab/testing/fake-engine.ts'
import type { FakeEngine } from '../../../lab/testing/fake-engine.ts'
import { addBars, tinySettings } from '../../../lab/testing/tiny-data.ts'
import { createApi } from '../../api.ts'
import { memoryLink } from '../../memory-link.ts'
import { routerOf } from '../router.ts'

export interface LabOverRpc {
  folder: string
  engine: FakeEngine
  lab: Lab
  client: ConnectedClient
  /** A queued run on the tiny data. */
  create(...settings: string[]): Promise<string>
  /** The task as it is once it has ended. */
  ended(task: Task): Promise<Task>
  /** Everything a stream gives from now on, as it comes. */
  items<S extends StreamName>(stream: S, params: StreamParamsOf<S>): Promise<ItemOf<S>[]>
  close(): Promise<void>
}

export async function openLabOverRpc(options: Partial<LabOptions> = {}): Promise<LabOverRpc> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-over-wire-'))
  const engine = fakeEngine()
  const lab = createLab({ dataDir: join(folder, 'data'), engine, version: '1.2.3', ...options })
  const api = createApi(routerOf(lab))
  const client = createClient(memoryLink(() => api).link)
  await addBars(lab.store)
  return {
    folder,
    engine,
    lab,
    client,
    async create(...settings) {
      const assignments = [...tinySettings, ...settings].map(parseAssignment) as { key: string; value: never }[]
      const run = await client.call('runs.create', { from: 'mnist-quick', data: 'bars', settings: assignments, start: false })
      return run.id
    },
    async ended({ id }) {
      for (;;) {
        const task = (await client.call('tasks.list', {})).find((one) => one.id === id)
        if (task !== undefined && task.endedAt !== null) return task
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async items(stream, params) {
      const items: ItemOf<typeof stream>[] = []
      client.open(stream, params, { item: (item) => items.push(item) })
      // An answer to a later call says that the stream is open.
      await client.call('preferences.get', {})
      return items
    },
    async close() {
      client.close()
      api.close('The test ends.')
      await lab.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
