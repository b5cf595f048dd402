/** Opens the store of the folder it is given, says so, and holds it until it is killed. */
import { flushCompileCache } from 'node:module'
import { openStore } from '../open-store.ts'

flushCompileCache() // killed, it would not be written at the end
const [, , folder = ''] = process.argv
const store = openStore(folder, { command: 'holder of the test' })
process.stdout.write(`open ${store.runs.list().length}\n`)
setInterval(() => undefined, 1000)
