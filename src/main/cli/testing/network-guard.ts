/** Loaded before a program (`node --import`), and by all that it starts: notes each way it takes to a network, in the file of NETWORK_LOG. */
import { ChildProcess } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** Notes a call, and lets it go on. */
function watch(holder: object, name: string, tell: (words: unknown[]) => string | null): void {
  const own = Reflect.get(holder, name) as (...words: unknown[]) => unknown
  Reflect.set(holder, name, function (this: unknown, ...words: unknown[]) {
    const told = tell(words)
    if (told !== null) appendFileSync(process.env['NETWORK_LOG']!, `${name} ${told}\n`)
    return own.apply(this, words)
  })
}

watch(net.Socket.prototype, 'connect', (words) => {
  const [first] = words.flat()
  // A Unix socket or a named pipe stays on this machine.
  if (typeof first === 'string' || (typeof first === 'object' && first !== null && 'path' in first && typeof first.path === 'string'))
    return null
  return JSON.stringify(first)
})
const names = (module: object): string[] => Object.keys(module).filter((name) => /^(lookup|resolve|reverse)/.test(name))
for (const module of [dns, dns.promises]) for (const name of names(module)) watch(module, name, ([host]) => String(host))
watch(dgram, 'createSocket', () => 'datagrams')
syncBuiltinESMExports()

// Processes of the lab are started without the options of their parent: they get the guard all the same.
watch(ChildProcess.prototype, 'spawn', ([options]) => {
  const { envPairs } = options as { envPairs: string[] }
  envPairs.splice(
    0,
    envPairs.length,
    ...envPairs.filter((pair) => !pair.startsWith('NODE_OPTIONS=')),
    `NODE_OPTIONS=--import ${import.meta.url}`,
  )
  return null
})
