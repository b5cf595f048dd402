/**
 * The command line with an engine that only talks: everything behind and before it is the lab's own. On
 * stderr it says now and then what its objects take: `memory BYTES`.
 */
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { runCommandLine } from '../../src/main/cli/run.ts'
import { scriptedEngine, stepsASecond } from './scripted-engine.ts'

// What nobody needs any more may lie about for minutes: it is collected first.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
setInterval(() => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  process.stderr.write(`memory ${heapUsed + external}\n`)
}, 2000).unref()

process.exitCode = await runCommandLine(process.argv.slice(2), {
  program: 'lab',
  version: '0.0.0',
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  terminal: false,
  columns: 100,
  env: process.env,
  platform: process.platform,
  home: homedir(),
  now: Date.now,
  openEngine: () => scriptedEngine(Number(process.env['WEIGHTSCAPE_STEPS_A_SECOND'] ?? stepsASecond)),
  pages: process.env['WEIGHTSCAPE_PAGES'] ?? fileURLToPath(new URL('../../out/renderer', import.meta.url)),
  openBrowser: () => undefined,
  onInterrupt(handler) {
    process.on('SIGINT', handler).on('SIGTERM', handler)
    return () => void process.off('SIGINT', handler).off('SIGTERM', handler)
  },
  exit: (code) => process.exit(code),
})
