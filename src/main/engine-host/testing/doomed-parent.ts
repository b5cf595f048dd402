/** Trains for ever and prints the ids of its processes: a test kills it, and looks whether they go too. */
import { createEngineHost } from '../host.ts'
import { rememberingSpawn, smallData, smallTraining } from './small-run.ts'

const { data } = smallData()
const { spawn, pids } = rememberingSpawn()
createEngineHost({ farmProcesses: 3, spawn }).run(smallTraining(data), {
  onEvent: (event) => {
    if (event.type !== 'metrics') return
    process.stdout.write(`${JSON.stringify({ pids: [...pids.engine, ...pids.farm], folder: data.imagesPath })}\n`)
  },
})
