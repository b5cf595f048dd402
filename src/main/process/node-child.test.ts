import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'weightscape-child-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Ends on its first message, and leaves its channel (file 3) open in another process for a while: the last news comes late. */
const child = `
import { spawn } from 'node:child_process'
process.on('message', () => {
  spawn('sleep', ['0.5'], { stdio: ['ignore', 'ignore', 'ignore', 3], detached: true })
  process.exit(0)
})`

/** Has nothing else to do than to wait for its child, to which it sends more than a pipe takes at once. */
const parent = `
import { spawnNodeChild } from ${JSON.stringify(new URL('node-child.ts', import.meta.url).href)}
const child = spawnNodeChild({ role: 'engine', entry: ${JSON.stringify(join(folder, 'child.mjs'))}, flags: [], environment: {} })
child.onMessage(() => undefined)
child.postMessage({ bytes: new Uint8Array(20e6) })
await new Promise((resolve) => child.onExit(resolve))
console.log('it is gone')`

it.skipIf(process.platform === 'win32')(
  'a program lives until its child is gone, however much it sent, and however late the end is heard',
  () => {
    writeFileSync(join(folder, 'child.mjs'), child)
    writeFileSync(join(folder, 'parent.mjs'), parent)
    expect(execFileSync(process.execPath, [join(folder, 'parent.mjs')], { encoding: 'utf8' })).toBe('it is gone\n')
  },
)
