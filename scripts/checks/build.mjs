// The window's code, how much of it is read before anything is shown, and what a package of the app would hold of it.
import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assertListed, packedFiles } from '../package/contents.mjs'
import { orExit, SetUpProblem } from '../setup/problem.mjs'
import { run } from '../setup/process.mjs'

/** Kilobytes of scripts that the first paint may wait for. What needs every analysis and every setting comes later: src/renderer/state/words.svelte.ts. */
const most = 450

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/]$/, '')
await orExit(async () => {
  const { code, stdout, stderr } = await run(`${root}/node_modules/.bin/electron-vite`, ['build', '--logLevel', 'warn'], {
    cwd: root,
    env: process.env,
  })
  if (code !== 0) throw new SetUpProblem(stdout + stderr, 'Mend what is named above.')
  const pages = `${root}/out/renderer`
  const named = readFileSync(`${pages}/index.html`, 'utf8').matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)
  const bytes = [...named].reduce((sum, [, path]) => sum + statSync(`${pages}/${path}`).size, 0)
  if (bytes > most * 1000)
    throw new SetUpProblem(
      `The window begins with ${Math.round(bytes / 1000)} KB of scripts, ${most} at most.`,
      'Import what the start view does not show when it is wanted: await import(...).',
    )
  assertListed(packedFiles(root), root)
}, false)
