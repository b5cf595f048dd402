/** Folders and programs that tests make for themselves. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createContext } from './context.mjs'

/** A folder that goes when the test is over. */
export async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'set-up-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/**
 * A program on a PATH of its own.
 * @param {string} folder
 * @param {string} name
 * @param {string} script for sh
 */
export async function fakeProgram(folder, name, script) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
}

/**
 * A context in a temporary folder that says nothing.
 * @param {Partial<import('./context.mjs').Context>} overrides
 */
export async function temporaryContext(overrides = {}) {
  const folder = await temporaryFolder()
  /** @type {string[]} */
  const said = []
  const context = createContext({
    root: join(folder, 'root'),
    cache: join(folder, 'cache'),
    platform: 'linux',
    arch: 'x64',
    say: (line) => void said.push(line),
    ...overrides,
  })
  return { folder, said, context }
}
