/** Goes on with the first run of a store from its latest checkpoint: saves step after step, and says each that was acknowledged. */
import { flushCompileCache } from 'node:module'
import { openStore } from '../open-store.ts'
import { sampleState } from './samples.ts'

flushCompileCache() // killed, it would not be written at the end
const [, , folder = '', numbers = '1000'] = process.argv
const store = openStore(folder)
const run = store.runs.list()[0]
const from = (await store.checkpoints.latest(run.id))?.state.step ?? 0
store.runs.move(run.id, 'training')
process.stdout.write('ready\n')
for (let step = from + 1; ; step++) {
  store.metrics.append(run.id, [{ step, name: 'loss', value: 1 / step, at: step }])
  await store.checkpoints.save(run.id, sampleState(step, Number(numbers)), 'periodic')
  process.stdout.write(`${step}\n`)
}
