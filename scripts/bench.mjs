// npm run bench -- step|sample|evaluate|tsne|accuracy: set-up if needed, then the side-by-side benchmark.
import { become } from './setup/process.mjs'
import { withNodeFirst } from './setup/node24.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const args = process.argv.slice(2)
const { node, context } = await setUpOrExit({ json: args.includes('--json') })
become(node, [`${context.root}/bench/main.ts`, ...args], withNodeFirst(node, process.env))
