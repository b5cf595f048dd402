// npm run mutants [-- AREA...]: set-up, then small bugs put into the code one at a time, to see whether a test notices each.
import { join } from 'node:path'
import { AREAS } from './mutants/areas.mjs'
import { become } from './setup/process.mjs'
import { setUpOrExit } from './setup/setup.mjs'

const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in AREAS))
if (unknown !== undefined) {
  console.error(
    `There is no area "${unknown}". Areas are ${Object.keys(AREAS).join(', ')}; without any, all are tried, which takes a night.`,
  )
  process.exit(2)
}
const { node, env, context } = await setUpOrExit()
become(node, [join(context.root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run'], {
  ...env,
  WEIGHTSCAPE_MUTANTS: names.join(','),
})
