// npm start [-- --browser] [-- ARGS]: set-up, the window's code, then the lab: in a window of its own where
// Electron and a screen are there, else in a browser at the printed address. ARGS are those of `serve`.
import { buildWindowOrExit } from './build/window.mjs'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'
import { electronProgram, fetchElectron, hasDisplay } from './start/electron.mjs'

const args = process.argv.slice(2)
const json = args.includes('--json')
const { node, env, context } = await setUpOrExit({ json })
await buildWindowOrExit(context, node, json)
const display = hasDisplay(context)
// Whoever asks for a port, a socket or JSON means the server for browsers.
const window = display && args.length === 0 ? (electronProgram(context) ?? (await fetchElectron(context, node))) : null
// npm runs scripts in the project's folder; paths in ARGS are meant from where the person stands.
if (process.env['INIT_CWD']) process.chdir(process.env['INIT_CWD'])
if (window !== null) {
  become(window, [context.root], env)
} else {
  const rest = args.filter((arg) => arg !== '--browser')
  become(node, [`${context.root}/src/main/cli/main.ts`, 'serve', ...(display ? ['--open'] : []), ...rest], env)
}
