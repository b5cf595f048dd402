// npm run setup [-- --verify]: set-up alone; --verify compares every file with its SHA-256 and mends what differs.
import { parseArgs } from 'node:util'
import { setUpOrExit } from './setup/setup.mjs'

const { values } = parseArgs({ options: { verify: { type: 'boolean', default: false } } })
const { context } = await setUpOrExit({ verify: values.verify })
context.say('Set-up is complete.')
