/**
 * Opens the store of the folder it is given, says so, and holds it until it is killed. Nothing refers to the
 * store afterwards and garbage is collected by hand (`--expose-gc`): the folder must stay held all the same.
 */
import { flushCompileCache } from 'node:module'
import { openStore } from '../open-store.ts'

flushCompileCache() // killed, it would not be written at the end
const [, , folder = ''] = process.argv
const runs = openStore(folder, { command: 'holder of the test' }).runs.list().length
setTimeout(() => {
  if (globalThis.gc === undefined) throw new Error('Start with --expose-gc.')
  for (let pass = 0; pass < 5; pass++) globalThis.gc()
  // What is collected is closed a turn later.
  setTimeout(() => process.stdout.write(`open ${runs}\n`), 50)
})
setInterval(() => undefined, 1000)
