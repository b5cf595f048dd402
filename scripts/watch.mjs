// npm run test:watch [-- FILTER...]: set-up, then vitest, which runs again what a change concerns.
import { join } from 'node:path'
import { withNodeFirst } from './setup/node24.mjs'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const { node, context } = await setUpOrExit()
become(node, [join(context.root, 'node_modules/vitest/vitest.mjs'), 'watch', ...process.argv.slice(2)], withNodeFirst(node, process.env))
