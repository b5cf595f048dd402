/**
 * The app upon the made-up lab. In the address's query: `many=10000` adds runs, `empty` leaves none,
 * `lost` shows a lab that cannot be reached,
 * `damaged` one whose database must be repaired, `orphans` a trash with files that have no entry.
 */
import { mount } from 'svelte'
import App from '../App.svelte'
import { browserPlatform } from '../transport/browser-platform.ts'
import { fakeLab } from './fake-lab.ts'
import type { FakeMethods, FakeStreams } from './fake-lab.ts'
import { fakeData, fakeDatasets } from './fake/data.ts'
import { fakeNetworks } from './fake/networks.ts'
import { addManyRuns, fakeRunHandlers, fakeRuns } from './fake/runs.ts'
import { fakeSystem } from './fake/system.ts'
import { addTask, fakeTasks, train } from './fake/tasks.ts'
import { damage } from './fake/damage.ts'
import { fakeTrash, putInTrash } from './fake/trash.ts'

const query = new URLSearchParams(location.search)
if (query.has('many')) addManyRuns(Number(query.get('many')))
if (query.has('empty')) {
  fakeRuns.clear()
  fakeDatasets.length = 0
} else {
  train('calm-otter')
  addTask({ kind: 'train', title: 'Train brisk-heron', run: 'brisk-heron' })
}
const parts = [fakeData(), fakeRunHandlers(), fakeSystem(), fakeTasks(), fakeNetworks(), fakeTrash()]
const client = fakeLab(
  parts.reduce<FakeMethods>((all, { answers }) => ({ ...all, ...answers }), {}),
  parts.reduce<FakeStreams>((all, { sources }) => ({ ...all, ...sources }), {}),
)
if (query.has('lost')) client.connection.set({ state: 'lost', since: Date.now(), reason: 'The lab cannot be reached.' })
if (query.has('damaged')) damage(client)
if (query.has('orphans')) {
  for (const [i, name] of ['run calm-otter', 'checkpoint 00004250-8f3c.safetensors'].entries())
    putInTrash({ kind: 'orphan', id: `o-${i}`, name, bytes: 4.2e6 })
}
// Files go nowhere here, but as slowly as over a network.
const platform = {
  ...browserPlatform(window, '0.1.0'),
  async upload(_id: string, files: readonly { file: File }[], options?: { onProgress?: (sent: number, total: number) => void }) {
    const total = files.reduce((sum, { file }) => sum + file.size, 0)
    for (let part = 1; part <= 10; part++) {
      await new Promise((resolve) => setTimeout(resolve, 80))
      options?.onProgress?.((total * part) / 10, total)
    }
  },
}
const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no element #app')
mount(App, { target, props: { environment: { client, platform } } })
