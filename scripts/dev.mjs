// npm run dev [-- --fake] [-- ARGS]: the window with hot reload, in a browser. The lab behind it is a real one, ARGS
// being those of `serve`, or with --fake one that is made up. A changed component shows at once; a changed service
// or engine wants a new start.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const args = process.argv.slice(2)
const { node, env, context } = await setUpOrExit()

// Vite wants a newer Node than set-up does.
if (Number.parseInt(process.versions.node) < 24) become(node, [fileURLToPath(import.meta.url), ...args], env)
// Not there before set-up.
const { serveWindow } = await import('./dev/serve-window.mjs')

if (args.includes('--fake')) {
  process.stdout.write(`The window on a made-up lab: ${(await serveWindow(context.root)).address}testing/\n`)
} else {
  const program = `${context.root}/src/main/cli/main.ts`
  // npm runs scripts in the project's folder; paths in ARGS are meant from where the person stands.
  const cwd = process.env['INIT_CWD'] ?? process.cwd()
  const lab = spawn(node, [program, 'serve', '--port', '0', '--json', ...args], {
    cwd,
    env: { ...env, WEIGHTSCAPE_PAGES: `${context.root}/src/renderer` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  lab.on('close', (code) => process.exit(code ?? 1))
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => lab.kill(signal))
  /** @type {ReturnType<typeof serveWindow> | undefined} */
  let window
  for await (const line of createInterface({ input: lab.stdout })) {
    const { url, message, remedy } = /** @type {{ url?: string, message?: string, remedy?: string }} */ (JSON.parse(line))
    if (message !== undefined) process.stderr.write(`${message} ${remedy ?? ''}\n`)
    if (url === undefined) continue
    // The token lets one browser in; once it is used the lab says the next address.
    window ??= serveWindow(context.root, new URL(url).origin)
    process.stdout.write(`The window: ${(await window).address}${new URL(url).search}\n`)
  }
}
