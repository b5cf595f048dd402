// npm run reference: writes docs/reference.md from the schemas, the registries and the command line's help.
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const { node, env, context } = await setUpOrExit()
become(node, [`${context.root}/src/main/cli/reference/write.ts`], env)
