// npm run test:watch [-- FILTER...]: set-up, then vitest, which runs again what a change concerns.
import { join } from 'node:path'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const { node, env, context } = await setUpOrExit()
become(node, [join(context.root, 'node_modules/vitest/vitest.mjs'), 'watch', ...process.argv.slice(2)], env)
