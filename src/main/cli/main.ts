/** Entry of the command line. */
import manifest from '../../../package.json' with { type: 'json' }
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './open-browser.ts'
import type { DemoPlan } from '../lab/tasks/demo.ts'
import type { CliHost } from './cli-host.ts'

// Compiled code is kept between calls: a command begins in half the time, and so do the processes that it starts, which find the place
// in their environment. Set before the rest is loaded.
const compiled = (process.env['NODE_COMPILE_CACHE'] ??= join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'weightscape',
  'compiled',
))
enableCompileCache(compiled)

/** Changes to the demo's plan as JSON: end-to-end tests run the same stages with less in each. */
const demo = process.env['WEIGHTSCAPE_DEMO_PLAN']

/** Ctrl+C, a polite kill, and a terminal that was closed: what trains is to end with a checkpoint. */
const interrupts: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
let terminalGone = false
process.on('SIGHUP', () => (terminalGone = true))

/** Told when nobody reads what is printed any more. */
const unread = new Set<() => void>()

const host: CliHost = {
  program: 'npm run lab --',
  version: manifest.version,
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  columns: process.stderr.columns ?? 100,
  env: process.env,
  platform: process.platform,
  home: homedir(),
  now: Date.now,
  // While the window is worked on, Vite serves it: see scripts/dev.mjs.
  pages: process.env['WEIGHTSCAPE_PAGES'] ?? fileURLToPath(new URL('../../../out/renderer', import.meta.url)),
  openBrowser,
  ...(demo === undefined ? {} : { demo: JSON.parse(demo) as Partial<DemoPlan> }),
  onInterrupt: (handler) => {
    for (const signal of interrupts) process.on(signal, handler)
    return () => {
      for (const signal of interrupts) process.off(signal, handler)
    }
  },
  onUnread: (handler) => {
    unread.add(handler)
    return () => void unread.delete(handler)
  },
  exit: (code) => process.exit(code),
}

/** Whether output was lost, and whether those were told who write it. */
let outputLost = false
let readerGone = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' && !terminalGone) {
    // Whoever reads our output may have had enough (`| head`): that is no failure of ours.
    if (!readerGone && unread.size === 0) process.exit(0)
    if (!readerGone) for (const handler of unread) handler()
    readerGone = true
    return
  }
  if (!outputLost && !terminalGone)
    process.stderr.write(`What should be printed cannot be written (${error.message}). The work goes on without it.\n`)
  outputLost = true
  // It may come to light after all else is done.
  if (process.exitCode === 0) process.exitCode = 1
})
// Nothing can be said there any more; the work goes on.
process.stderr.on('error', () => undefined)

const { runCommandLine } = await import('./run.ts')
const exitCode = await runCommandLine(process.argv.slice(2), host)
process.exitCode = exitCode === 0 && outputLost && !terminalGone ? 1 : exitCode
