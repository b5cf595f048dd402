// npm run trust [-- NAME...] [--night] [--seed N]: set-up, then campaigns that damage a lab of their own, and what held.
// The last lines are a table; out/trust.json keeps it. The seed reaches power, refusals, jobs, engine and property tests.
import { spawn } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setUpOrExit } from './setup/setup.mjs'
import { CAMPAIGNS } from './trust/campaigns.mjs'

/** @param {string} problem @returns {never} */
function refuse(problem) {
  console.error(problem)
  process.exit(2)
}

/** @returns {{ names: string[], night: boolean, seed: string | undefined }} */
function asked() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { night: { type: 'boolean' }, seed: { type: 'string' } } })
    return { names: positionals, night: values.night === true, seed: values.seed }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return refuse('Give names of campaigns, --night, or --seed N.')
  }
}

const { names, night, seed } = asked()
const unknown = names.find((name) => !Object.hasOwn(CAMPAIGNS, name))
if (unknown !== undefined)
  refuse(`There is no campaign "${unknown}". Campaigns are ${Object.keys(CAMPAIGNS).join(', ')}; without any, all are made.`)
if (seed !== undefined && !/^\d+$/.test(seed)) refuse(`"${seed}" is no seed: give a whole number.`)

const { env, context } = await setUpOrExit()
const out = join(context.root, 'out')
await mkdir(out, { recursive: true })
const seeds = seed === undefined ? {} : { WEIGHTSCAPE_SEED: seed, WEIGHTSCAPE_KILL_SEED: seed }
/** Lines in which tests say how many of how many held. */
const figures = /^[\w .-]+: \d+ of \d+ .*$/gm

/**
 * @param {readonly string[]} files
 * @param {Record<string, string>} amounts
 * @returns {Promise<{ held: boolean, passed: number, total: number, said: string[], seconds: number }>}
 */
async function make(files, amounts) {
  const report = join(out, 'trust-tests.json')
  await rm(report, { force: true })
  const begun = performance.now()
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...files]
  const child = spawn(join(context.root, 'node_modules', '.bin', 'vitest'), args, {
    cwd: context.root,
    env: { ...env, ...amounts, ...seeds, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ piece) => {
    text += piece
    process.stdout.write(piece)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  const { numPassedTests = 0, numTotalTests = 0, numPendingTests = 0 } = JSON.parse(await readFile(report, 'utf8').catch(() => '{}'))
  const said = [...text.matchAll(figures)].map(([line]) => line)
  // A file that could not be loaded has no tests that could fail.
  return {
    held: code === 0 && numPassedTests > 0,
    passed: numPassedTests,
    total: numTotalTests - numPendingTests,
    said,
    seconds: (performance.now() - begun) / 1000,
  }
}

const rows = []
for (const [name, { does, files, amounts = {} }] of Object.entries(CAMPAIGNS)) {
  if (names.length > 0 && !names.includes(name)) continue
  const chosen = Object.fromEntries(Object.entries(amounts).map(([variable, [minutes, whole]]) => [variable, night ? whole : minutes]))
  rows.push({ name, does, amounts: chosen, ...(await make(files, chosen)) })
}
await writeFile(join(out, 'trust.json'), `${JSON.stringify({ night, seed: seed ?? null, rows }, null, 2)}\n`)
process.stdout.write('\n')
for (const { name, does, amounts, held, passed, total, said, seconds } of rows) {
  const much = Object.entries(amounts).map(([variable, value]) => `${variable}=${value}`)
  process.stdout.write(
    `${held ? 'held' : 'FAILED'}  ${name.padEnd(10)} ${passed} of ${total} tests in ${seconds.toFixed(0)} s: ${does}${much.length === 0 ? '' : ` (${much.join(', ')})`}\n`,
  )
  for (const line of said) process.stdout.write(`        ${line}\n`)
}
process.exitCode = rows.every(({ held }) => held) ? 0 : 1
