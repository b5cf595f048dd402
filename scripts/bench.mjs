// npm run bench -- BENCH: set-up if needed, then the benchmark.
import { buildWindowOrExit } from './build/window.mjs'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const args = process.argv.slice(2)
const json = args.includes('--json')
const { node, env, context } = await setUpOrExit({ json })
// One bench looks at the window.
if (args.includes('ui') && !args.includes('--help')) await buildWindowOrExit(context, node, json)
become(node, [`${context.root}/bench/main.ts`, ...args], env)
