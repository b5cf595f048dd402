// npm run lab -- COMMAND: set-up if needed, then the command line. Set-up speaks on stderr alone.
import { buildWindowOrExit } from './build/window.mjs'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const args = process.argv.slice(2)
const json = args.includes('--json')
const { node, env, context } = await setUpOrExit({ json })
// One command shows the window's code to a browser.
if (args[0] === 'serve' && !args.includes('--help')) await buildWindowOrExit(context, node, json)
// npm runs scripts in the project's folder; paths in ARGS are meant from where the person stands.
if (process.env['INIT_CWD']) process.chdir(process.env['INIT_CWD'])
become(node, [`${context.root}/src/main/cli/main.ts`, ...args], env)
