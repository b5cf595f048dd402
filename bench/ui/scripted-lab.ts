/** The command line with an engine that only talks: everything behind and before it is the lab's own. */
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from '../../src/main/cli/run.ts'
import { scriptedEngine } from './scripted-engine.ts'

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
  openEngine: () => Promise.resolve(scriptedEngine()),
  pages: fileURLToPath(new URL('../../out/renderer', import.meta.url)),
  openBrowser: () => undefined,
  onInterrupt(handler) {
    process.on('SIGINT', handler).on('SIGTERM', handler)
    return () => void process.off('SIGINT', handler).off('SIGTERM', handler)
  },
  exit: (code) => process.exit(code),
})
