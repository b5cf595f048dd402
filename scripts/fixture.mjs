// npm run fixture: set-up, then a small lab of this version, kept for the versions that follow to open.
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const { node, env, context } = await setUpOrExit()
become(node, [`${context.root}/src/main/cli/fixtures/released/make.mjs`], env)
