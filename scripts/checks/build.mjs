// The window's code, and what a package of the app would hold of it.
import { fileURLToPath } from 'node:url'
import { assertListed, packedFiles } from '../package/contents.mjs'
import { orExit, SetUpProblem } from '../setup/problem.mjs'
import { run } from '../setup/process.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/]$/, '')
await orExit(async () => {
  const { code, stdout, stderr } = await run(`${root}/node_modules/.bin/electron-vite`, ['build', '--logLevel', 'warn'], {
    cwd: root,
    env: process.env,
  })
  if (code !== 0) throw new SetUpProblem(stdout + stderr, 'Mend what is named above.')
  assertListed(packedFiles(root), root)
}, false)
